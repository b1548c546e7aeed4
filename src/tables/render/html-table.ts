import { escapeHtml } from "./escape-html";

/** A table as text, to be laid out as HTML. */
export interface HtmlTable {
  /** A line above the table; empty for none. */
  caption: string;
  /** Follows the caption, paler: how much there is, and how much of it is shown. */
  shape: string;
  columns: readonly { label: string; align: "left" | "right" }[];
  /** Cells as text, or a note across the table where something is left out. */
  rows: readonly (readonly { text: string; strong?: boolean }[] | { gap: string })[];
}

// Colours come from the page (currentColor), so that the table is at home on light and on dark ground.
// A table that is wider than its place shows that it scrolls: its bar is always there.
const css = `.gradamp-table{overflow:auto;max-height:42em;max-width:100%;scrollbar-width:thin}
.gradamp-table::-webkit-scrollbar{height:8px;width:8px}
.gradamp-table::-webkit-scrollbar-thumb{background:color-mix(in srgb,currentColor 35%,transparent);border-radius:4px}
.gradamp-table table{color:inherit;border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9em;margin:.2em 0}
.gradamp-table caption{caption-side:top;text-align:left;padding:.2em 0;white-space:nowrap}
.gradamp-table .shape{opacity:.65;font-size:.9em}
.gradamp-table th,.gradamp-table td{padding:.2em .7em;border:0;background:none;color:inherit;white-space:nowrap}
.gradamp-table td{max-width:28em;overflow-wrap:anywhere}
.gradamp-table td.long{white-space:normal;min-width:16em}
.gradamp-table thead th{white-space:normal;vertical-align:bottom;border-bottom:1.5px solid currentColor;font-weight:600}
.gradamp-table tbody tr{border-bottom:1px solid color-mix(in srgb,currentColor 15%,transparent);background:none}
.gradamp-table tbody tr:hover{background:color-mix(in srgb,currentColor 7%,transparent)}`;

/** Lays a table out as HTML that brings its own few rules of CSS and needs neither script nor network. */
export function htmlTable({ caption, shape, columns, rows }: HtmlTable): string {
  // Alignment goes into each cell: viewers that remove <style> keep it.
  const align = columns.map((column) => `text-align:${column.align}`);
  const mark = (text: string, strong = false) => (strong ? `<strong>${text}</strong>` : text);
  const line = (row: HtmlTable["rows"][number]) =>
    "gap" in row
      ? `<tr><td colspan="${columns.length}" style="text-align:center">${escapeHtml(row.gap)}</td></tr>`
      : `<tr>${row.map(({ text, strong }, i) => `<td${text.length > 48 ? ' class="long"' : ""} style="${align[i]}">${mark(escapeHtml(text), strong)}</td>`).join("")}</tr>`;
  return [
    `<div class="gradamp-table"><style>${css}</style>`,
    "<table>",
    `<caption>${caption === "" ? "" : `${escapeHtml(caption)} `}<span class="shape">${escapeHtml(shape)}</span></caption>`,
    `<thead><tr>${columns.map(({ label }, i) => `<th scope="col" style="${align[i]}">${escapeHtml(label)}</th>`).join("")}</tr></thead>`,
    "<tbody>",
    ...rows.map(line),
    "</tbody></table></div>",
  ].join("\n");
}
