import { adam, cosine, sgd, type TrainOptions } from "../training";
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
 * console.log(ga.trainOptions(trial!).batchSize);  // 128
 */
export function trainOptions(trial: TrialSpec): TrainOptions {
  const { optimizer, learningRate, stages } = trial;
  const rate =
    learningRate === null
      ? {}
      : {
          learningRate:
            typeof learningRate === "number" ? learningRate : cosine(learningRate.cosine, { min: learningRate.min }),
        };
  return {
    name: trial.name,
    batchSize: trial.batchSize,
    optimizer:
      optimizer.name === "adam"
        ? adam({ ...rate, weightDecay: optimizer.weightDecay })
        : sgd({ ...rate, momentum: optimizer.momentum, weightDecay: optimizer.weightDecay }),
    ...(stages ? { stages: trialStages(stages) } : { epochs: trial.epochs }),
    clipNorm: trial.clipNorm,
    measure: trial.measure,
    validate: trial.validate,
    test: trial.test,
    seed: trial.seed,
  };
}
