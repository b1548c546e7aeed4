import { htmlTable } from "../../tables/render/html-table";
import { printValue } from "../../tables/render/print-value";
import type { Tensor } from "../../tensorflow";
import type { MimeBundle } from "../../cell/running-cell";

const edge = 5;
const flat = 12;

/** The first and the last of a dimension's positions; all where it is short. */
function positions(size: number, most: number): number[] {
  const all = Array.from({ length: Math.min(size, most) }, (_, at) => at);
  return size <= most ? all : all.map((at) => (at < most / 2 ? at : size - most + at));
}

/**
 * A tensor for a notebook: shape, type and a few values, its corners where it has rows and columns. No more than these is
 * read from the device.
 */
export function tensorBundle(tensor: Tensor): MimeBundle {
  const variable = (tensor as Tensor & { name?: string }).name;
  const title = `${variable === undefined ? "Tensor" : `Variable ${variable}`} [${tensor.shape.join(", ")}] ${tensor.dtype}`;
  if (tensor.isDisposed) return { "text/plain": `${title}, disposed` };
  if (tensor.size === 0 || tensor.dtype === "complex64") return { "text/plain": title };
  return tensor.rank === 2 ? matrix(tensor, title) : line(tensor, title);
}

function line(tensor: Tensor, title: string): MimeBundle {
  // The tensor's own methods, which are those of the copy of tfjs that made it.
  const all = tensor.reshape([tensor.size]);
  const part = all.slice([0], [Math.min(flat, tensor.size)]);
  all.dispose();
  const values = take(part);
  const text = values.map((value) => print(value, tensor.dtype)).join(", ");
  return { "text/plain": `${title}\n${text}${tensor.size > flat ? ", …" : ""}` };
}

function matrix(tensor: Tensor, title: string): MimeBundle {
  const [height = 0, width = 0] = tensor.shape;
  const [rows, columns] = [positions(height, 2 * edge), positions(width, 2 * edge)];
  const line = (row: number): string[] => {
    const values = take(tensor.slice([row, 0], [1, width]));
    return columns.map((column) => print(values[column], tensor.dtype));
  };
  const cells = rows.map(line);
  const cut = <Value>(all: readonly Value[], size: number, mark: Value) =>
    size > 2 * edge ? [...all.slice(0, edge), mark, ...all.slice(edge)] : [...all];
  const texts = cells.map((row) => cut(row, width, "…"));
  const heads = cut(columns.map(String), width, "…");
  const numbered = texts.map((row, at) => [String(rows[at]), ...row].map((text) => ({ text })));
  return {
    "text/html": htmlTable({
      caption: title,
      shape: "",
      columns: ["", ...heads].map((label) => ({ label, align: "right" as const })),
      rows:
        height > 2 * edge
          ? [
              ...numbered.slice(0, edge),
              { gap: `⋮ ${(height - 2 * edge).toLocaleString("en-US")} more` },
              ...numbered.slice(edge),
            ]
          : numbered,
    }),
    "text/plain": [title, ...cut(texts, height, ["⋮"]).map((row) => row.join("  "))].join("\n"),
  };
}

/** Reads a few values and frees their tensor; at once, because the tensor itself may be freed in the next moment. */
function take(part: Tensor): unknown[] {
  try {
    return Array.from(part.dataSync());
  } finally {
    part.dispose();
  }
}

function print(value: unknown, type: string): string {
  if (type === "string") return JSON.stringify(value);
  if (type === "bool") return value === 1 || value === true ? "true" : "false";
  return printValue(value, "");
}
