import { checkOptions } from "../options";
import { randomUUID } from "node:crypto";
import { HTML_KINDS, type HtmlOptions } from "../tables/render/to-html";
import { displayBundle } from "../cell/display-bundle";
import { displayOf } from "./values";
import { Figure } from "./figure";
import { beforeIdle, kernelCell } from "../cell/kernel-cell";

/**
 * Shows a value as output of the running cell, in the middle of it; outside a kernel, prints it as text.
 *
 * @param value A figure, an arquero table, a danfo DataFrame or Series, a tensor, a `tf.LayersModel`, a run, a data set, or whatever
 *   has a function under `Symbol.for("Jupyter.display")`.
 * @param options Of a table: caption, how many rows, which columns are best high or low.
 * @throws {TypeError} for anything else
 * @example
 * import * as ga from "gradamp";
 * import { table } from "arquero";
 * ga.show(table({ model: ["VGG08", "VGG38"], testAccuracy: [0.4684, 0.01] }));
 * ga.show(ga.tf.tensor2d([[1, 2], [3, 4]]));
 */
export function show(value: object, options: HtmlOptions = {}): void {
  checkOptions("show", options, HTML_KINDS);
  if (value instanceof Figure) return value.show();
  const bundle = typeof value === "object" && value !== null ? displayOf(value, options) : null;
  if (bundle === null)
    throw new TypeError(
      `Expected a figure, table, tensor, model, run or data set but found ${value === null ? "null" : typeof value}; print it with console.log`,
    );
  if (!(bundle instanceof Promise)) return void displayBundle(bundle);
  // It keeps its place among the outputs, although it is made later.
  const cell = kernelCell();
  const displayId = randomUUID();
  if (cell) displayBundle({ "text/plain": "…" }, { displayId });
  const transient = { display_id: displayId };
  beforeIdle(
    bundle.then((data) => {
      if (cell) cell.write({ data, metadata: {}, transient }, true);
      else displayBundle(data);
    }),
  );
}
