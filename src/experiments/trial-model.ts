import { checkArgument } from "../options";
import { modelByName } from "../models";
import type { LayersModel } from "../tensorflow";
import type { TrialSpec } from "./trial-spec";

/**
 * Builds a trial's network; its weights start from the trial's seed.
 *
 * @param trial its network and seed
 * @throws {RangeError} for a network or an option that is not known
 * @throws {TypeError} for a network by a module: `ga.modelByModule` makes it
 *
 * @example
 * import * as ga from "gradamp";
 * const [trial] = ga.reproductionTrials("ga", { scale: "demo" });
 * console.log(ga.trialModel(trial!).layers.length);
 */
export function trialModel(trial: Pick<TrialSpec, "model" | "seed">): LayersModel {
  checkArgument(trial, "a trial, as of ga.trials,", "model");
  if (trial.model.module !== undefined)
    throw new TypeError(
      `Expected a network by name but found the module ${trial.model.module}: await ga.modelByModule, or ga.startTrial`,
    );
  return modelByName(trial.model.name, { seed: trial.seed, ...trial.model.options });
}
