import { fromDanfo, type HtmlOptions } from "../../tables";
import { printValue } from "../../tables/render/print-value";
import type { MimeBundle } from "../../cell/running-cell";
import type { DanfoFrame } from "./kinds";
import { tableBundle } from "./table-bundle";

/**
 * A danfo DataFrame or Series for a notebook: index, shape, head and tail, numbers to the right. Names and numbers stand
 * as they are: what a column of a stranger's table means is not guessed.
 */
export function frameBundle(frame: DanfoFrame, options: HtmlOptions = {}): MimeBundle {
  const series = !Array.isArray(frame.values[0]);
  const rows = series ? frame.values.map((value) => [value]) : (frame.values as unknown[][]);
  const index = frame.index.every((label, at) => label === at) ? [] : ["index"];
  // A column may be called "index" itself.
  const names = frame.columns.map((name) => (index.includes(name) ? `${name} ` : name));
  const columns = [...index, ...names];
  const values = rows.map((row, at) => (index.length > 0 ? [frame.index[at], ...row] : row));
  const table = fromDanfo({ columns, values }, { nan: "keep" });
  const plain: HtmlOptions = {
    labels: Object.fromEntries(columns.map((name) => [name, name])),
    format: Object.fromEntries(columns.map((name) => [name, (value: unknown) => printValue(value, "")])),
    best: false,
    merge: false,
    ...options,
  };
  return tableBundle(table, plain);
}
