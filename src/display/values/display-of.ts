import type { HtmlOptions } from "../../tables";
import type { MimeBundle } from "../../cell/running-cell";
import { isDataset, isFrame, isModel, isTable, isTensor } from "./kinds";

/** Where a value keeps its own way of showing itself: the convention of Deno's kernel. */
export const displaySymbol = Symbol.for("Jupyter.display");

/**
 * How a value shows itself in a notebook: as it says itself under `Symbol.for("Jupyter.display")`, else as an arquero
 * table, a danfo DataFrame or Series, a tensor, a model, or a data set.
 *
 * @param options of tables
 * @returns null where it is none of these
 */
export function displayOf(value: object, options: HtmlOptions = {}): MimeBundle | Promise<MimeBundle> | null {
  const own = (value as { [name: symbol]: unknown })[displaySymbol];
  if (typeof own === "function") return (own as (options: HtmlOptions) => MimeBundle).call(value, options);
  return bundleOfKind(value, options);
}

/** The same, whatever the value says itself. */
export function bundleOfKind(value: object, options: HtmlOptions = {}): MimeBundle | null {
  // What draws a kind is loaded when the first of that kind is shown: a kernel starts without arquero.
  if (isTable(value)) return (require("./table-bundle") as typeof import("./table-bundle")).tableBundle(value, options);
  if (isTensor(value)) return (require("./tensor-bundle") as typeof import("./tensor-bundle")).tensorBundle(value);
  if (isModel(value)) return (require("./model-bundle") as typeof import("./model-bundle")).modelBundle(value);
  if (isDataset(value)) return (require("./dataset-bundle") as typeof import("./dataset-bundle")).datasetBundle(value);
  if (isFrame(value)) return (require("./frame-bundle") as typeof import("./frame-bundle")).frameBundle(value, options);
  return null;
}
