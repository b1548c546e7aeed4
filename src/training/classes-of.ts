import type { TrainingData } from "../datasets";
import type { Loss } from "../spec";
import type { LayersModel } from "../tensorflow";

/**
 * Below what labels have to lie: as many classes as the data set says, or, where it does not know, as the network tells apart;
 * null for targets that are no labels.
 */
export function classesOf(what: {
  readonly model: LayersModel;
  readonly dataset: TrainingData;
  readonly options: { readonly loss: Loss };
}): number | null {
  const { model, dataset, options } = what;
  return dataset.classes ?? (options.loss === "crossEntropy" ? model.outputs[0]!.shape.at(-1)! : null);
}
