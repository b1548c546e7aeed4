import { inspect } from "node:util";
import type { MimeBundle } from "../../cell/running-cell";

/**
 * What a notebook shows of the value of a cell's last expression: what the value itself says under
 * `Symbol.for("Jupyter.display")`, what gradamp knows of tables, tensors and models, else its text.
 *
 * @returns null where there is nothing to show
 */
export async function presentValue(value: unknown): Promise<MimeBundle | null> {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return { "text/plain": value };
  if (typeof value === "object" || typeof value === "function") {
    // Loaded when first needed: a cell that counts to two needs no tables.
    const { displayOf } = require("../../display/values/index.js") as typeof import("../../display/values/index.js");
    const bundle = await displayOf(value);
    // What has shown itself already has nothing more to show.
    if (bundle) return Object.keys(bundle).length > 0 ? bundle : null;
  }
  return { "text/plain": inspect(value, { breakLength: 100 }) };
}
