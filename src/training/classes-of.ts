import type { TrainingData } from "../datasets";
import { isOfClasses, type LossGiven } from "../spec";
import type { LayersModel } from "../tensorflow";
import { lossesOf } from "./losses/losses-of-outputs";

/**
 * Below what labels have to lie: as many classes as the data set says, or, where it does not know, as the network tells apart;
 * null for targets that are no labels.
 */
export function classesOf(what: {
  readonly model: LayersModel;
  readonly dataset: TrainingData;
  readonly options: { readonly loss: LossGiven };
}): number | null {
  const { model, dataset, options } = what;
  const { sampleShape } = dataset.train.targets;
  const output = model.outputs[0]!.shape.slice(1);
  // One-hot rows are as long as the output, and no labels.
  if (sampleShape.length > 0 && sampleShape.length === output.length) return null;
  if (dataset.classes !== null) return dataset.classes;
  const losses = lossesOf(model, options.loss);
  return typeof losses !== "function" && isOfClasses(losses[0]!) ? output.at(-1)! : null;
}
