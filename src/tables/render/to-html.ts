import type { ColumnTable } from "arquero";

import { escapeHtml } from "./escape-html";
import { grid, type GridCell, type RenderOptions } from "./grid";
import { shape } from "./shape";

export interface HtmlOptions extends RenderOptions {
  /** A line above the table.  Default (null): none. */
  caption?: string | null;
}

// Colours come from the page (currentColor), so that the table is at home on light and on dark ground.
const css = `.gradamp-table{overflow-x:auto}
.gradamp-table table{color:inherit;border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9em;margin:.2em 0}
.gradamp-table caption{caption-side:top;text-align:left;padding:.2em 0;white-space:nowrap}
.gradamp-table .shape{opacity:.65;font-size:.9em}
.gradamp-table th,.gradamp-table td{padding:.2em .7em;border:0;background:none;color:inherit;white-space:nowrap}
.gradamp-table thead th{border-bottom:1.5px solid currentColor;font-weight:600}
.gradamp-table tbody tr{border-bottom:1px solid color-mix(in srgb,currentColor 15%,transparent);background:none}
.gradamp-table tbody tr:hover{background:color-mix(in srgb,currentColor 7%,transparent)}`;

/**
 * A table as HTML: shape on top, then the first and the last rows, numbers to the right, the best in bold.
 *
 * It brings its own few rules of CSS, takes its colours from the page (light or dark) and needs neither script nor network.
 * What stands in names and cells is escaped.  `limit` is 20 by default.
 *
 * @example
 * import * as ga from "gradamp";
 * import { table } from "arquero";
 *
 * const html = ga.table.toHtml(table({ model: ["VGG08", "VGG38"], testAccuracy: [0.4684, 0.01] }));
 * console.log(html.includes("<strong>46.84</strong>"));
 */
export function toHtml(table: ColumnTable, options: HtmlOptions = {}): string {
  const cells = grid(table, options, 20);
  const { columns, rows, head, hidden } = cells;
  // Alignment goes into each cell: viewers that remove <style> keep it.
  const align = columns.map((column) => `text-align:${column.align}`);
  const caption = options.caption ? `${escapeHtml(options.caption)} ` : "";
  const line = (row: readonly GridCell[]) =>
    `<tr>${row.map(({ text, best }, i) => `<td style="${align[i]}">${mark(escapeHtml(text), best)}</td>`).join("")}</tr>`;
  const gap = `<tr><td colspan="${columns.length}" style="text-align:center">⋮ ${hidden.toLocaleString("en-US")} more</td></tr>`;
  const body = [...rows.slice(0, head).map(line), ...(hidden > 0 ? [gap] : []), ...rows.slice(head).map(line)];
  return [
    `<div class="gradamp-table"><style>${css}</style>`,
    "<table>",
    `<caption>${caption}<span class="shape">${escapeHtml(shape(cells))}</span></caption>`,
    `<thead><tr>${columns.map(({ label }, i) => `<th scope="col" style="${align[i]}">${escapeHtml(label)}</th>`).join("")}</tr></thead>`,
    "<tbody>",
    ...body,
    "</tbody></table></div>",
  ].join("\n");
}

const mark = (text: string, best: boolean) => (best ? `<strong>${text}</strong>` : text);
