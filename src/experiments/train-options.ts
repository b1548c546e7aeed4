import { readTrial, TRAINING } from "../spec";
import { optimizerByName, type TrainOptions } from "../training";
import type { TrialSpec } from "./trial-spec";

/**
 * What `ga.train` is told to run a trial.
 *
 * @param trial any trial, as of `ga.trials`
 * @throws {TypeError | RangeError} if the trial's values make no sense
 *
 * @example
 * import * as ga from "gradamp";
 * const [trial] = ga.trials("ga", { part: "s1" });
 * console.log(ga.trainOptions(trial!).batchSize); // 128
 */
export function trainOptions(trial: TrialSpec): TrainOptions {
  const { stages, optimizer, epochs, ...rest } = readTrial(trial);
  const given = Object.entries(rest).filter(([name]) => Object.hasOwn(TRAINING, name));
  return {
    ...Object.fromEntries(given),
    optimizer: optimizerByName(optimizer!),
    ...(stages ? { stages } : { epochs }),
  };
}
