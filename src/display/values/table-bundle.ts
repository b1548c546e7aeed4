import type { ColumnTable } from "arquero";
import { toHtml, toText, type HtmlOptions } from "../../tables";
import type { MimeBundle } from "../../cell/running-cell";

/** An arquero table for a notebook: shape, head and tail, numbers to the right; the caption stands in HTML alone. */
export function tableBundle(table: ColumnTable, options: HtmlOptions = {}): MimeBundle {
  const { caption: _, ...plain } = options;
  return { "text/html": toHtml(table, options), "text/plain": toText(table, plain).trimEnd() };
}
