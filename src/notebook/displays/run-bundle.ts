import { from } from "arquero";
import { toHtml, toText, type HtmlOptions } from "../../tables";
import type { Run } from "../../training";
import type { MimeBundle } from "../kernel-cell";

/** A run for a notebook: where it stands, and its epochs. */
export function runBundle(run: Run, options: HtmlOptions = {}): MimeBundle {
  const title = `${run.name}: ${run.status}, ${run.epochs.length} epoch${run.epochs.length === 1 ? "" : "s"}`;
  if (run.epochs.length === 0) return { "text/plain": title };
  const epochs = from(run.epochs);
  const shown = { caption: title, ...options };
  return { "text/html": toHtml(epochs, shown), "text/plain": `${title}\n${toText(epochs, shown).trimEnd()}` };
}
