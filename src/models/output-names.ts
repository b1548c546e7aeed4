import type { LayersModel } from "../tensorflow";

/** What a model's outputs are called: after the layers they come from, where the model does not say, as `tf.sequential` does not. */
export function outputNames(model: LayersModel): readonly string[] {
  const { outputNames: names, outputs } = model;
  return names.length === outputs.length ? names : outputs.map(({ sourceLayer }) => sourceLayer.name);
}
