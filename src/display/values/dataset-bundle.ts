import type { MimeBundle } from "../../cell/running-cell";
import type { Column, ColumnKind, Split, StreamedSplit, TrainingData } from "../../datasets";
import { FolderSplit } from "../../datasets/streams/folder-split";
import { isStreamed } from "../../datasets/streams/read-split";
import { pngOfPixels } from "../../figures/predictions/png-of-pixels";
import { escapeHtml } from "../../tables/render/escape-html";
import { htmlTable } from "../../tables/render/html-table";
import { tf } from "../../tensorflow";

/** Sample images that are shown, and classes that are counted line by line. */
const IMAGES = 24;
const CLASSES = 30;
/** Pixels of an image's longer side on the page at least: small ones are drawn larger. */
const SIDE = 64;

const count = (value: number) => value.toLocaleString("en-US");
const shapeOf = ({ sampleShape }: ColumnKind) =>
  sampleShape.length === 0 ? "one number" : `[${sampleShape.join(", ")}]`;
const kindOf = ({ pixels, storage }: ColumnKind) => (pixels ? "8-bit pixels" : storage);

/** A data set for a notebook: its splits, shapes and classes with how many samples each has, and some of its images. */
export function datasetBundle(data: TrainingData): MimeBundle {
  const splits = Object.entries({ train: data.train, validation: data.validation, test: data.test }).filter(
    (entry): entry is [string, Split | StreamedSplit] => entry[1] !== null,
  );
  const gone = splits.some(([, split]) => (isStreamed(split) ? split.isDisposed : split.targets.tensor.isDisposed));
  const title = `Data set ${data.name}`;
  if (gone) return { "text/plain": `${title}, disposed` };
  const labels = splits.map(([, split]) => labelsOf(split));
  const columns = columnsOf(data.train);
  const what = columns.map(([name, kind]) => `${name} ${shapeOf(kind)} ${kindOf(kind)}`).join(", ");
  const sizes = splits
    .map(([name, { size }]) => `${name} ${size === null ? "of unknown size" : count(size)}`)
    .join(", ");
  const counts = data.classes === null ? [] : classCounts(data, data.classes, labels);
  const shown = counts.slice(0, CLASSES);
  const numbers = (each: readonly (number | null)[]) => each.map((found) => (found === null ? "" : count(found)));
  const html = [
    htmlTable({
      caption: title,
      shape: sizes,
      columns: ["", "Samples have the shape", "Held as"].map((label) => ({ label, align: "left" as const })),
      rows: columns.map(([name, kind]) => [{ text: name }, { text: shapeOf(kind) }, { text: kindOf(kind) }]),
    }),
    ...(shown.length === 0
      ? []
      : [
          htmlTable({
            caption: `${data.classes} classes`,
            shape: "samples of each",
            columns: [
              { label: "Class", align: "left" },
              ...splits.map(([label]) => ({ label, align: "right" as const })),
            ],
            rows: [
              ...shown.map(({ name, each }) => [{ text: name }, ...numbers(each).map((text) => ({ text }))]),
              ...(counts.length > CLASSES ? [{ gap: `⋮ ${count(counts.length - CLASSES)} more` }] : []),
            ],
          }),
        ]),
    imageGrid(data),
  ].join("\n");
  const lines = shown.map(({ name, each }) => `  ${name}: ${numbers(each).join(" / ")}`);
  const rest = counts.length > CLASSES ? [`  … ${counts.length - CLASSES} more classes`] : [];
  return { "text/html": html, "text/plain": [`${title}: ${sizes}`, what, ...lines, ...rest].join("\n") };
}

/** Every input and target with a name. */
function columnsOf({ inputs, targets, moreTargets, weights }: StreamedSplit | Split): [string, ColumnKind][] {
  const number = (name: string, all: readonly ColumnKind[]) =>
    all.map((kind, at): [string, ColumnKind] => [all.length > 1 ? `${name} ${at}` : name, kind]);
  return [
    ...number("inputs", inputs),
    ...number("targets", [targets, ...moreTargets]),
    ...(weights === null ? [] : [["weights", weights] as [string, ColumnKind]]),
  ];
}

/** Labels where they are known without reading a stream; null where they are not, or are none. */
function labelsOf(split: Split | StreamedSplit): ArrayLike<number> | null {
  if (split instanceof FolderSplit) return split.files.map(({ label }) => label);
  if (isStreamed(split) || split.targets.sampleShape.length > 0 || split.targets.storage !== "int32") return null;
  return split.targets.tensor.dataSync<"int32">();
}

function classCounts(
  { classNames }: TrainingData,
  classes: number,
  labels: readonly (ArrayLike<number> | null)[],
): { name: string; each: (number | null)[] }[] {
  if (labels.every((each) => each === null)) return [];
  const counted = labels.map((each) => {
    if (each === null) return null;
    const found = new Int32Array(classes);
    for (let at = 0; at < each.length; at++) found[each[at]!]!++;
    return found;
  });
  return Array.from({ length: classes }, (_, label) => ({
    name: classNames?.[label] ?? String(label),
    each: counted.map((found) => found?.[label] ?? null),
  }));
}

/** Some images of the training split, class after class, as they are before augmentation and normalisation. */
function imageGrid(data: TrainingData): string {
  const { train } = data;
  if (isStreamed(train)) return "";
  const column = train.inputs.find(({ image }) => image);
  if (!column || ![1, 3].includes(column.sampleShape[2]!)) return "";
  const labels = labelsOf(train);
  const chosen = spread(labels, train.size);
  const pictures = pixelsOf(column, chosen);
  const [height, width] = column.sampleShape as [number, number];
  const scale = Math.max(1, Math.round(SIDE / Math.max(height, width)));
  const images = chosen.map((sample, at) => {
    const label = labels?.[sample];
    const name = label === undefined ? `sample ${sample}` : (data.classNames?.[label] ?? `class ${label}`);
    const style = "image-rendering:pixelated;margin:2px;vertical-align:top";
    return `<img src="${pngOfPixels(pictures[at]!, width, height)}" width="${width * scale}" height="${height * scale}" alt="${escapeHtml(name)}" title="${escapeHtml(name)}" style="${style}">`;
  });
  return `<div style="max-width:${12 * (width * scale + 4)}px;line-height:0">${images.join("")}</div>`;
}

/** Samples of as many classes as there is room for, the first of each, then the second, and so on. */
function spread(labels: ArrayLike<number> | null, size: number): number[] {
  if (labels === null) return Array.from({ length: Math.min(IMAGES, size) }, (_, at) => at);
  const seen = new Map<number, number[]>();
  for (let at = 0; at < labels.length; at++) {
    const of = seen.get(labels[at]!) ?? [];
    if (of.length < IMAGES) of.push(at);
    seen.set(labels[at]!, of);
  }
  const classes = [...seen].sort(([a], [b]) => a - b).map(([, samples]) => samples);
  const rounds = Array.from({ length: IMAGES }, (_, round) =>
    classes.flatMap((samples) => samples.slice(round, round + 1)),
  );
  return rounds.flat().slice(0, IMAGES);
}

/** Samples as red, green, blue and opacity; values that are no pixels are stretched from the darkest to the lightest. */
function pixelsOf(column: Column, samples: readonly number[]): Uint8Array[] {
  const values = tf.tidy(() => column.gather(tf.tensor1d([...samples], "int32")).dataSync<"float32">());
  const [height, width, channels] = column.sampleShape as [number, number, number];
  let [low, high] = [0, 255];
  if (!column.pixels) {
    [low, high] = [Infinity, -Infinity];
    for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  const size = height * width;
  return samples.map((_, sample) => {
    const pixels = new Uint8Array(4 * size).fill(255);
    for (let at = 0; at < size; at++)
      for (let channel = 0; channel < 3; channel++) {
        const value = values[(sample * size + at) * channels + Math.min(channel, channels - 1)]!;
        pixels[4 * at + channel] = Math.round((255 * (value - low)) / Math.max(high - low, 1e-12));
      }
    return pixels;
  });
}
