import { setImmediate } from "node:timers/promises";
import type { TrainingData } from "../datasets";
import { weightTensors } from "../gradients";
import { checkFunction, checkParts } from "../options";
import { trainableParameters } from "../models";
import type { TrainOptions } from "../spec";
import type { LayersModel } from "../tensorflow";
import { describeOptions } from "./describe-options";
import { checkEmbeddings } from "./check-embeddings";
import { lossWarning } from "./loss";
import { resolveOptions } from "./resolve-options";
import { idleWarning } from "./stages/idle-warning";
import { inputWarning } from "./input-warning";
import { Run } from "./run";
import { Trainer } from "./trainer";
import type { Training } from "./training";
import type { TrainingRecorder } from "./training-state";
import { keepForRun, noteTraining } from "./trainings";

/**
 * Begins to train a model and returns at once; `run.finished` settles when training has ended.
 *
 * Options are checked before this returns. Events (`progress`, `stage`, `selection`, `epoch`, `warning`, `end`) come
 * while it goes on, and `run.stop()` ends it at the next step boundary.
 *
 * @param model any `tf.LayersModel`, trained in place
 * @param dataset what it is trained on
 * @param options as of `ga.train`, without progress and folder
 * @param recorder who records the run, so that it can be resumed. Default: nobody
 * @throws {TypeError | RangeError} if an option makes no sense for the model or the data
 * @throws {Error} if another run or `model.fit` is training the model, or one that shares layers with it; both are
 *   named
 *
 * @example
 * import * as ga from "gradamp";
 * const data = ga.embedded({ train: 100, validation: 50, test: 50 });
 * const run = ga.startTraining(ga.vgg08({ classes: 10 }), data, { epochs: 1 });
 * run.on("epoch", ({ row }) => console.log(row.trainLoss));
 * await run.finished;
 */
export function startTraining(
  model: LayersModel,
  dataset: TrainingData,
  options: TrainOptions = {},
  recorder: TrainingRecorder = {},
): Run {
  checkParts(recorder, "a recorder, { from, onSnapshot },", {});
  if (recorder.onSnapshot !== undefined) checkFunction(recorder.onSnapshot, "a recorder's onSnapshot");
  const resolved = resolveOptions(model, dataset, options);
  checkEmbeddings(model, dataset);
  const weights = weightTensors(model);
  if (weights.length === 0) throw new TypeError(`Expected ${model.name} to have trainable weights but found none`);
  const run = new Run(resolved.name, model.name, trainableParameters(model), dataset.name, describeOptions(resolved));
  const release = keepForRun(model, dataset, run);
  noteTraining(model, run);
  const training = { run, model, dataset, weights, options: resolved, signal: options.signal ?? null, recorder };
  run.finished = train(training, release);
  // Whoever only listens to events must not bring the process down; awaiting `finished` still throws.
  run.finished.catch(() => undefined);
  return run;
}

/** Trains to the end, whichever it is, and gives back what the run had to itself. */
async function train(training: Training, release: () => void): Promise<Run> {
  const { run, model, options } = training;
  // Listeners subscribe in the turn in which the run was made.
  await setImmediate();
  try {
    const warning = lossWarning(model, options.loss);
    if (warning) run.warn(warning);
    for (const more of [idleWarning(options), await inputWarning(training.dataset)]) if (more) run.warn(more);
    await trainWith(new Trainer(training));
    return run;
  } catch (error) {
    run.status = "failed";
    throw error;
  } finally {
    release();
    run.emit("end", { status: run.status });
  }
}

async function trainWith(trainer: Trainer): Promise<void> {
  try {
    await trainer.train();
  } finally {
    trainer.dispose();
  }
}
