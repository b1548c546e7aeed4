import type { ColumnTable } from "arquero";
import { toHtml, toText, type HtmlOptions } from "../tables";
import { displayBundle } from "./display-bundle";
import { Figure } from "./figure";

/**
 * Shows a figure or a table as output of the running cell; outside a kernel, prints it as text.
 *
 * @param value A `Figure` or an arquero table.
 * @param options Of a table: caption, how many rows, which columns are best high or low.
 * @throws {TypeError} for anything else
 * @example
 * import * as ga from "gradamp";
 * import { table } from "arquero";
 * ga.show(table({ model: ["VGG08", "VGG38"], testAccuracy: [0.4684, 0.01] }));
 */
export function show(value: Figure | ColumnTable, options: HtmlOptions = {}): void {
  if (value instanceof Figure) value.show();
  else if (typeof value === "object" && value !== null && "objects" in value)
    displayBundle({ "text/html": toHtml(value, options), "text/plain": toText(value, options) });
  else throw new TypeError(`Expected a figure or an arquero table but found ${typeof value}`);
}
