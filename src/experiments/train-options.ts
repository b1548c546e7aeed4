import { type NamedOptimizer, optimizerByName, type TrainOptions } from "../training";
import { trialStages } from "./trial-stages";
import type { TrialSpec } from "./trial-spec";

/**
 * What `ga.train` is told to run a trial.
 *
 * @throws {TypeError | RangeError} if the trial's values make no sense
 *
 * @example
 * import * as ga from "gradamp";
 * const [trial] = ga.trials("ga", { part: "s1" });
 * console.log(ga.trainOptions(trial!).batchSize); // 128
 */
export function trainOptions(trial: TrialSpec): TrainOptions {
  const { learningRate, stages, amplify, engine, precision, onNonFinite } = trial;
  const rate = learningRate === null ? {} : { learningRate };
  return {
    name: trial.name,
    batchSize: trial.batchSize,
    optimizer: optimizerByName({ ...trial.optimizer, ...rate } as NamedOptimizer),
    ...(stages ? { stages: trialStages(stages) } : { epochs: trial.epochs }),
    ...(amplify ? { amplify } : {}),
    ...(engine ? { engine } : {}),
    ...(precision ? { precision } : {}),
    ...(onNonFinite ? { onNonFinite } : {}),
    clipNorm: trial.clipNorm,
    measure: trial.measure,
    validate: trial.validate,
    test: trial.test,
    seed: trial.seed,
  };
}
