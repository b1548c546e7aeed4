import type { ColumnTable } from "arquero";
import { toHtml, toText, type HtmlOptions } from "../../tables";
import type { MimeBundle } from "../../cell/running-cell";

/** An arquero table for a notebook: shape, head and tail, numbers to the right. */
export function tableBundle(table: ColumnTable, options: HtmlOptions = {}): MimeBundle {
  return { "text/html": toHtml(table, options), "text/plain": toText(table, options).trimEnd() };
}
