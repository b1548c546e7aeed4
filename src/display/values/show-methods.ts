import { ColumnTable } from "arquero";
import type { HtmlOptions } from "../../tables";
import { type Patch, tf } from "../../tensorflow";
import { Run } from "../../training";
import { show } from "../show";
import { bundleOfKind, displaySymbol } from "./display-of";
import { runBundle } from "./run-bundle";

declare module "arquero/dist/types/table/ColumnTable.js" {
  interface ColumnTable {
    /** Shows the table as output of the running cell; outside a kernel, prints it. */
    show(options?: HtmlOptions): void;
  }
}
declare module "@tensorflow/tfjs-core/dist/tensor" {
  interface Tensor {
    /** Shows shape, type and a few values as output of the running cell; outside a kernel, prints them. */
    show(): void;
  }
}
declare module "@tensorflow/tfjs-layers/dist/engine/training" {
  interface LayersModel {
    /** Shows the layers with their outputs and parameters as output of the running cell; outside a kernel, prints them. */
    show(): void;
  }
}
declare module "../../training/run" {
  interface Run {
    /** Shows how the run stands, and its epochs, as output of the running cell; outside a kernel, prints them. */
    show(options?: HtmlOptions): void;
  }
}

function add(prototype: object, name: string | symbol, value: unknown): void {
  if (!(name in prototype)) Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
}

/**
 * Lets tables, tensors, models and runs show themselves: `.show()` in the middle of a cell, and
 * `Symbol.for("Jupyter.display")` for any kernel that asks.
 */
export const showMethods: Patch = {
  name: "show-methods",
  changes: 'methods `show` and `Symbol.for("Jupyter.display")` of `tf.Tensor` and `tf.LayersModel`, added',
  reason: "tensors and models show themselves in a notebook",
  writtenFor: "tfjs 4.22",
  install() {
    add(Run.prototype, displaySymbol, function (this: Run, options?: HtmlOptions) {
      return runBundle(this, options);
    });
    for (const kind of [ColumnTable, tf.Tensor, tf.LayersModel, Run] as { prototype: object }[]) {
      add(kind.prototype, "show", function (this: object, options?: HtmlOptions) {
        show(this, options);
      });
      add(kind.prototype, displaySymbol, function (this: object, options?: HtmlOptions) {
        return bundleOfKind(this, options);
      });
    }
  },
};
