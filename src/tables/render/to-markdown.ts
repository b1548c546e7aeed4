import { RENDER_KINDS } from "./grid";
import { checkOptions } from "../../options";
import type { ColumnTable } from "arquero";

import { grid, type GridCell, type RenderOptions } from "./grid";

/**
 * A table in GitHub's Markdown, with the best in bold and numbers to the right. All rows are written unless `limit` says
 * otherwise.
 *
 * @param table The table to write.
 * @param options Any of `RenderOptions`; none is needed.
 * @throws {TypeError} for an option that it does not know or of a wrong kind
 * @throws {RangeError} for a column that the table lacks
 * @example
 * import * as ga from "gradamp";
 * import { table } from "arquero";
 *
 * console.log(ga.table.toMarkdown(table({ model: ["VGG08", "VGG38"], testAccuracy: [0.4684, 0.01] })));
 */
export function toMarkdown(table: ColumnTable, options: RenderOptions = {}): string {
  checkOptions("table.toMarkdown", options, RENDER_KINDS);
  const { columns, rows, head, hidden } = grid(table, options, null);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const print = (row: readonly GridCell[]) =>
    line(row.map(({ text, best }) => (best ? `**${escapeMarkdown(text)}**` : escapeMarkdown(text))));
  return [
    line(columns.map(({ label }) => escapeMarkdown(label))),
    line(columns.map(({ align }) => (align === "right" ? "--:" : ":--"))),
    ...rows.slice(0, head).map(print),
    ...(hidden > 0 ? [line(columns.map((_, i) => (i === 0 ? `… ${hidden.toLocaleString("en-US")} more` : "…")))] : []),
    ...rows.slice(head).map(print),
    "",
  ].join("\n");
}

const escapeMarkdown = (text: string) =>
  text
    .replace(/[\\`*_{}[\]<>|#&~]/g, (character) => (character === "#" ? character : `\\${character}`))
    .replace(/\r\n?|\n/g, "<br>");
