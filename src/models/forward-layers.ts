import { checkModel } from "../options";
import type { LayersModel, layers } from "../tensorflow";

/** A model, as a layer that holds layers. */
export function isModel(layer: layers.Layer | LayersModel): layer is LayersModel {
  return Array.isArray((layer as LayersModel).layers);
}

/**
 * Every layer of a model in forward order, nested models entered and left out themselves, a shared layer once.
 *
 * @param model any `tf.LayersModel`
 * @throws {TypeError} if an argument is of another kind
 * @example
 * import * as ga from "gradamp";
 * import * as advanced from "gradamp/advanced";
 * const model = ga.vgg08({ classes: 10 });
 * console.log(advanced.forwardLayers(model).length);
 */
export function forwardLayers(model: LayersModel): layers.Layer[] {
  checkModel(model);
  const found = new Set<layers.Layer>();
  const enter = (container: LayersModel): void => {
    for (const layer of container.layers) {
      if (isModel(layer)) enter(layer);
      else found.add(layer);
    }
  };
  enter(model);
  return [...found];
}
