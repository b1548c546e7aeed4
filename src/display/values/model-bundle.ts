import { htmlTable } from "../../tables/render/html-table";
import type { LayersModel } from "../../tensorflow";
import type { MimeBundle } from "../../cell/running-cell";

const count = (value: number) => value.toLocaleString("en-US");

function shapeOf(shape: unknown): string {
  const one = (dimensions: readonly (number | null)[]) => `[${dimensions.map((size) => size ?? "batch").join(", ")}]`;
  const several = shape as (number | null)[][];
  return Array.isArray(several[0]) ? several.map(one).join(" ") : one(shape as (number | null)[]);
}

/** A model for a notebook: its layers with output shapes and parameters, and how many it has in all. */
export function modelBundle(model: LayersModel): MimeBundle {
  const layers = `${model.layers.length} layer${model.layers.length === 1 ? "" : "s"}`;
  let total: number;
  try {
    total = model.countParams();
  } catch {
    return { "text/plain": `Model ${model.name}, ${layers}, not built yet` };
  }
  const trainable = model.trainableWeights.reduce(
    (sum, { shape }) => sum + shape.reduce<number>((a, b) => a * (b ?? 1), 1),
    0,
  );
  const parameters = `${count(total)} parameters${trainable < total ? `, ${count(trainable)} of them trainable` : ""}`;
  const html = htmlTable({
    caption: model.name,
    shape: `${layers}, ${parameters}`,
    columns: [
      { label: "Layer", align: "left" },
      { label: "Kind", align: "left" },
      { label: "Output", align: "left" },
      { label: "Parameters", align: "right" },
    ],
    rows: model.layers.map((layer) => [
      { text: layer.name },
      { text: layer.getClassName() },
      { text: shapeOf(layer.outputShape) },
      { text: layer.countParams() === 0 ? "" : count(layer.countParams()) },
    ]),
  });
  const lines: string[] = [];
  model.summary(100, undefined, (line) => lines.push(String(line)));
  return { "text/html": html, "text/plain": lines.join("\n") };
}
