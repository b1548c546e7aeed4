import { modelByName } from "../models";
import type { LayersModel } from "../tensorflow";
import type { TrialSpec } from "./trial-spec";

/** Builds a trial's network; its weights start from the trial's seed. */
export function trialModel(trial: Pick<TrialSpec, "model" | "seed">): LayersModel {
  return modelByName(trial.model.name, { seed: trial.seed, ...trial.model.options });
}
