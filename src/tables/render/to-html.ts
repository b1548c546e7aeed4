import { RENDER_KINDS } from "./grid";
import { anyText, checkOptions, type KindsOf, orNull } from "../../options";
import type { ColumnTable } from "arquero";

import { grid, type GridCell, type RenderOptions } from "./grid";
import { htmlTable } from "./html-table";
import { shape } from "./shape";

/** Options of `ga.table.toHtml`. */
export interface HtmlOptions extends RenderOptions {
  /** A line above the table. Default: null, none. */
  caption?: string | null;
}

/** What each of these may be. */
export const HTML_KINDS: KindsOf<HtmlOptions> = { ...RENDER_KINDS, caption: orNull(anyText) };

/**
 * A table as HTML: shape on top, then the first and the last rows, numbers to the right, the best in bold.
 *
 * It brings its own few rules of CSS, takes its colours from the page (light or dark) and needs neither script nor
 * network. What stands in names and cells is escaped. Default of `limit`: 20.
 *
 * @param table The table to write.
 * @param options Any of `HtmlOptions`; none is needed.
 * @throws {TypeError} for an option that it does not know or of a wrong kind
 * @throws {RangeError} for a column that the table lacks
 * @example
 * import * as ga from "gradamp";
 * import { table } from "arquero";
 *
 * const html = ga.table.toHtml(table({ model: ["VGG08", "VGG38"], testAccuracy: [0.4684, 0.01] }));
 * console.log(html.includes("<strong>46.84</strong>"));
 */
export function toHtml(table: ColumnTable, options: HtmlOptions = {}): string {
  checkOptions("table.toHtml", options, HTML_KINDS);
  const cells = grid(table, options, 20);
  const { columns, rows, head, hidden } = cells;
  const strong = (row: readonly GridCell[]) => row.map(({ text, best }) => ({ text, strong: best }));
  const gap = hidden > 0 ? [{ gap: `⋮ ${hidden.toLocaleString("en-US")} more` }] : [];
  return htmlTable({
    caption: options.caption ?? "",
    shape: shape(cells),
    columns,
    rows: [...rows.slice(0, head).map(strong), ...gap, ...rows.slice(head).map(strong)],
  });
}
