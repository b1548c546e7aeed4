import { beforeIdle } from "../cell/kernel-cell";
import type { Dataset } from "../datasets";
import type { LayersModel, Tensor } from "../tensorflow";
import { Run } from "../training";
import { runUsing } from "../training/trainings";

/** What holds memory on the device. */
export type Disposable = LayersModel | Run | Dataset | Tensor;

/**
 * Frees what values hold on the device: a model's weights, a data set's samples, a tensor; a run that still goes on is
 * ended at its next step boundary, and keeps its rows; the model and the data of a run that is ended so are freed after it.
 * What was freed before is passed over.
 *
 * In a notebook of gradamp's kernel this is seldom needed: what no variable leads to any more is freed by itself.
 *
 * @param values runs, data sets, models and tensors, in any order
 * @throws {TypeError} for a value that holds nothing
 * @throws {Error} for a model that a run is training, or its data, unless the run is among the values or was stopped
 *
 * @example
 * import * as ga from "gradamp";
 * const data = ga.embedded({ train: 20 });
 * const model = ga.vgg08({ classes: 10, width: 4 });
 * ga.dispose(model, data);
 * console.log(ga.tf.memory().numTensors); // 0
 */
export function dispose(...values: readonly Disposable[]): void {
  for (const value of values) {
    if (!(value instanceof Run)) continue;
    value.stop();
    // A cell that ends a run has ended when the run has.
    beforeIdle(value.finished);
  }
  for (const value of values) {
    if (value instanceof Run) continue;
    const run = isModel(value) || isDataset(value) ? runUsing(value) : null;
    if (run?.stopRequested) beforeIdle(run.finished.catch(() => run).then(() => free(value)));
    else free(value);
  }
}

function free(value: Exclude<Disposable, Run>): void {
  if (isModel(value)) disposeModel(value);
  else if (typeof (value as Partial<Dataset> | null)?.dispose === "function") value.dispose();
  else throw new TypeError(`Expected a model, run, data set or tensor but found ${String(value)}`);
}

function isDataset(value: unknown): value is Dataset {
  return typeof value === "object" && value !== null && "train" in value;
}

function isModel(value: unknown): value is LayersModel {
  return Array.isArray((value as Partial<LayersModel> | null)?.layers);
}

function disposeModel(model: LayersModel): void {
  // tfjs throws where a model is disposed of twice.
  const used = (model as unknown as { _refCount: number })._refCount;
  if (used !== 0) model.dispose();
}
