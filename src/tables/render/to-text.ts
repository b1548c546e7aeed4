import { RENDER_KINDS } from "./grid";
import { checkOptions, oneOf, orNull, whole } from "../../options";
import type { ColumnTable } from "arquero";

import { grid, type RenderOptions } from "./grid";
import { shape } from "./shape";

/** Options of `ga.table.toText`. */
export interface TextOptions extends RenderOptions {
  /**
   * Characters a line may have; wider tables are broken into blocks that repeat the first column. Default: null, any.
   */
  width?: number | null;
  /**
   * How the best is marked: "star" puts * behind it, "bold" uses the terminal's bold, for a screen only. Default:
   * "star".
   */
  mark?: "star" | "bold";
}

/**
 * A table for a terminal or a log: aligned columns, the best marked, the shape beneath where rows are left out.
 * Default of `limit`: 20.
 *
 * @param table The table to write.
 * @param options Any of `TextOptions`; none is needed.
 * @throws {TypeError} for an option that it does not know or of a wrong kind
 * @throws {RangeError} for a column that the table lacks
 * @example
 * import * as ga from "gradamp";
 * import { table } from "arquero";
 *
 * console.log(ga.table.toText(table({ model: ["VGG08", "VGG38"], testAccuracy: [0.4684, 0.01] })));
 * // Model  Test acc (%)
 * // ─────  ────────────
 * // VGG08        46.84*
 * // VGG38         1.00
 */
export function toText(table: ColumnTable, options: TextOptions = {}): string {
  checkOptions("table.toText", options, { ...RENDER_KINDS, width: orNull(whole(1)), mark: oneOf("star", "bold") });
  const { mark = "star", width = null } = options;
  const cells = grid(table, options, 20);
  const { rows, head, hidden } = cells;

  const columns = cells.columns.map(({ label, align }, i) => {
    const body = rows.map((row) => ({ text: plain(row[i]?.text ?? ""), best: row[i]?.best ?? false }));
    if (mark === "star" && body.some(({ best }) => best)) {
      // The others get a space, which keeps the decimal points in line.
      for (const cell of body) cell.text += cell.best ? "*" : " ";
    }
    if (hidden > 0) body.splice(head, 0, { text: "⋮", best: false });
    const heading = plain(label);
    const wide = Math.max(length(heading), ...body.map(({ text }) => length(text)));
    const pad = (text: string) => (align === "right" ? text.padStart(wide) : text.padEnd(wide));
    const bold = (text: string) => `\x1b[1m${text}\x1b[22m`;
    return {
      wide,
      lines: [
        pad(heading),
        "─".repeat(wide),
        ...body.map(({ text, best }) => (best && mark === "bold" ? bold(pad(text)) : pad(text))),
      ],
    };
  });

  const height = columns[0]?.lines.length ?? 0;
  const text = blocks(columns, width).map((block) =>
    Array.from({ length: height }, (_, line) =>
      block
        .map(({ lines }) => lines[line])
        .join("  ")
        .trimEnd(),
    ),
  );
  const foot = hidden > 0 || rows.length === 0 ? [[shape(cells)]] : [];
  return [...text, ...foot].map((lines) => lines.join("\n") + "\n").join(text.length > 1 ? "\n" : "");
}

/** Which columns stand side by side: as many as fit, the first one before each block. */
function blocks<C extends { wide: number }>(columns: readonly C[], limit: number | null): C[][] {
  const [first, ...others] = columns;
  if (first === undefined || limit === null) return [[...columns]];
  const result: C[][] = [[first]];
  let used = first.wide;
  for (const column of others) {
    const block = result[result.length - 1] ?? [];
    if (used + 2 + column.wide > limit && block.length > 1) {
      result.push([first, column]);
      used = first.wide + 2 + column.wide;
    } else {
      block.push(column);
      used += 2 + column.wide;
    }
  }
  return result;
}

const length = (text: string) => Array.from(text).length;
// Control characters would move the terminal's cursor.
const plain = (text: string) => text.replace(/[\x00-\x1f\x7f-\x9f]+/g, " ");
