import type { TrainingData } from "../datasets";
import { asData } from "../datasets/streams/as-data";
import type { BatchStream } from "../datasets/streams/open-stream";
import { followRun } from "./follow-run";
import { noteSaving } from "../cell/kernel-cell";
import { noteBegun } from "../live/begun-runs";
import { stopOnInterrupt } from "./stop-on-interrupt";
import { recordTraining } from "../runs";
import { checkNames, checkObject, SESSION, type SaveOptions, TRAINING, TRAINING_ELSEWHERE } from "../spec";
import type { LayersModel } from "../tensorflow";
import { type Run, startTraining, type TrainOptions } from "../training";

/**
 * Trains a model, with or without amplification, and measures its gradients; settles when training has ended.
 *
 * Works on any `tf.LayersModel` and on any data: a data set, or batches of a `tf.data.Dataset` or of a function that makes a
 * generator of them (`ga.stream` says how they are taken, and takes more options). Progress is shown in the running cell or on standard error; an interrupt ends training
 * at the next step boundary, with the rows of all complete epochs. `startTraining` is the same without either.
 *
 * With `save` the run is kept in a folder while it goes on: rows, checkpoints and a `run.json` with all that decided
 * its numbers. Where the folder holds the same run unfinished (killed, interrupted, out of disk), that is taken up
 * after its last complete epoch; `ga.resume(folder)` does the same with nothing but the folder.
 *
 * @param model any `tf.LayersModel`, trained in place
 * @param data what it is trained on
 * @param dataset what it is trained on
 * @param options those of training; with `save`, the run's folder or {@link SaveOptions}, the run is kept; `progress: false`
 *   shows nothing
 * @throws {TypeError | RangeError} if an option makes no sense for the model or the data; thrown before any work
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
export function train(
  model: LayersModel,
  data: TrainingData | BatchStream,
  options: TrainOptions & { progress?: boolean; save?: string | SaveOptions | null } = {},
): Promise<Run> {
  const begun = begin(model, data, options);
  const end = begun.then((run) => untilEnded(run, options.progress ?? true));
  noteBegun(end, begun);
  return end;
}

async function begin(
  model: LayersModel,
  data: TrainingData | BatchStream,
  options: TrainOptions & { progress?: boolean; save?: string | SaveOptions | null },
): Promise<Run> {
  checkObject(options, "the options");
  checkNames(options, [...Object.keys(TRAINING), ...Object.keys(SESSION)], "", TRAINING_ELSEWHERE);
  const { progress = true, save: given = null, ...rest } = options;
  SESSION.progress.kind.read(progress, "progress");
  const dataset = await asData(data);
  const save = SESSION.save.kind.read(given, "save");
  try {
    const run = await beginOn(model, dataset, rest, save);
    // Nobody else knows of a stream that was made here.
    if (!Object.is(dataset, data)) void run.finished.catch(() => undefined).then(() => dataset.dispose());
    return run;
  } catch (error) {
    if (!Object.is(dataset, data)) (dataset as Partial<TrainingData>).dispose?.();
    throw error;
  }
}

async function beginOn(
  model: LayersModel,
  dataset: TrainingData,
  rest: TrainOptions,
  save: SaveOptions | null,
): Promise<Run> {
  if (save === null) return startTraining(model, dataset, rest);
  const where: SaveOptions = { onNote: (text: string) => process.stderr.write(`${text}\n`), ...save };
  noteSaving(where.folder);
  return recordTraining(model, dataset, rest, where);
}

/** Shows a run's progress and stops it at an interrupt, until it has ended. */
export async function untilEnded(run: Run, progress: boolean): Promise<Run> {
  const unfollow = progress ? followRun(run) : () => {};
  const release = stopOnInterrupt(run);
  try {
    return await run.finished;
  } finally {
    release();
    unfollow();
  }
}
