import type { Dataset } from "./datasets";
import { followRun } from "./notebook/follow-run";
import { stopOnInterrupt } from "./notebook/stop-on-interrupt";
import type { LayersModel } from "./tensorflow";
import { type Run, startTraining, type TrainOptions } from "./training";

/**
 * Trains a model, with or without amplification, and measures its gradients; settles when training has ended.
 *
 * Works on any `tf.LayersModel`.  Progress is shown in the running cell or on standard error; an interrupt ends training
 * at the next step boundary, with the rows of all complete epochs.  `startTraining` is the same without either.
 *
 * @param options.progress whether progress is shown; true by default
 * @throws {TypeError | RangeError} before any work, if an option makes no sense for the model or the data
 *
 * @example
 * import * as ga from "gradamp";
 * const data = ga.embedded({ train: 100, validation: 50, test: 50 });
 * const run = await ga.train(ga.vgg08({ classes: 10, width: 4 }), data, {
 *   epochs: 1,
 *   batchSize: 50,
 *   optimizer: ga.adam({ learningRate: 1e-3 }),
 * });
 * console.log(run.status, run.epochs[0]?.trainLoss, run.gradients.length);
 */
export async function train(
  model: LayersModel,
  dataset: Dataset,
  options: TrainOptions & { progress?: boolean } = {},
): Promise<Run> {
  const { progress = true, ...rest } = options;
  const run = startTraining(model, dataset, rest);
  const unfollow = progress ? followRun(run) : () => {};
  const release = stopOnInterrupt(run);
  try {
    return await run.finished;
  } finally {
    release();
    unfollow();
  }
}
