import { checkOptions, type Kind, readFields, withMethod } from "../options";
import { TRAINING } from "../spec";
import type { TrainingData } from "../datasets";
import type { LayersModel } from "../tensorflow";
import { type Run, startTraining, type TrainOptions } from "../training";
import { openTrial } from "./open-trial";
import { trainOptions } from "./train-options";
import type { TrialSpec } from "./trial-spec";

/** A trial that has begun. */
export interface StartedTrial {
  /** The run, which has begun. */
  readonly run: Run;
  /** The network that is trained. */
  readonly model: LayersModel;
  /** What it is trained on. */
  readonly data: TrainingData;
}

const overrides: Kind<Partial<TrainOptions>> = {
  expected: "to be options of training",
  read(found, name) {
    readFields(TRAINING, found, { name });
    return found as Partial<TrainOptions>;
  },
};

/**
 * Builds a trial's network, loads its data and begins to train; events come from `run`, and `run.finished` settles at
 * the end.
 *
 * @param trial network, data and options, as of `ga.trials`
 * @param options.data a data set already loaded, which stays the caller's to dispose of. Default: the trial's is loaded
 * @param options.train overrides of what the trial says, `{ signal }` for example
 * @throws {TypeError | RangeError} if the trial's values make no sense
 * @throws {Error} if its data is not there
 *
 * @example
 * import * as ga from "gradamp";
 * const [paper] = ga.trials("vgp");
 * const trial = { ...paper!, epochs: 1, model: { name: "vgg08" as const, options: { classes: 10, width: 4 } } };
 * const data = ga.embedded({ train: 100, validation: 20, test: 20 });
 * const { run } = await ga.startTrial(trial, { data });
 * await run.finished;
 * console.log(run.epochs.length); // 1
 */
export async function startTrial(
  trial: TrialSpec,
  options: { data?: TrainingData; train?: Partial<TrainOptions> } = {},
): Promise<StartedTrial> {
  checkOptions("startTrial", options, { data: withMethod("dispose", "to be a data set"), train: overrides });
  const train = { ...trainOptions(trial), ...options.train };
  const { model, data } = await openTrial(trial, options.data);
  return { run: startTraining(model, data, train), model, data };
}
