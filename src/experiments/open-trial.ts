import type { TrainingData } from "../datasets";
import { modelByName } from "../models";
import { modelByModule } from "../models/own/model-by-module";
import type { LayersModel } from "../tensorflow";
import { trialData } from "./trial-data";
import type { TrialSpec } from "./trial-spec";

/**
 * A trial's network and data. A module's function is told the seed, the number of classes and the shape of an input beside
 * its own options.
 *
 * @param given data that is there already
 */
export async function openTrial(
  { model, data, seed }: Pick<TrialSpec, "model" | "data" | "seed">,
  given?: TrainingData,
): Promise<{ model: LayersModel; data: TrainingData }> {
  const loaded: TrainingData = given ?? (await trialData(data));
  const { module, hash, options } = model;
  if (module === undefined && data.module === undefined)
    return { model: modelByName(model.name, { seed, ...options }), data: loaded };
  const [input] = loaded.train.inputs;
  const classes = loaded.classes === null ? {} : { classes: loaded.classes };
  const told = { ...classes, inputShape: input!.sampleShape, seed, ...options };
  if (module === undefined) return { model: modelByName(model.name, told as object), data: loaded };
  return { model: await modelByModule({ module, options: told, ...(hash === undefined ? {} : { hash }) }), data: loaded }; // prettier-ignore
}
