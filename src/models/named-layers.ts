import type { LayersModel, layers } from "../tensorflow";
import { isModel } from "./forward-layers";

/** A layer and the name that tells it from all others of its model. */
export interface NamedLayer {
  readonly layer: layers.Layer;
  readonly name: string;
}

/**
 * The layers of `forwardLayers` with their names; where nested models use a name twice, the models' names stand before
 * it: `encoder/dense`.
 */
export function namedLayers(model: LayersModel): NamedLayer[] {
  const paths = new Map<layers.Layer, string>();
  const enter = (container: LayersModel, path: string): void => {
    for (const layer of container.layers) {
      if (isModel(layer)) enter(layer, `${path}${layer.name}/`);
      else if (!paths.has(layer)) paths.set(layer, `${path}${layer.name}`);
    }
  };
  enter(model, "");
  const count = new Map<string, number>();
  for (const { name } of paths.keys()) count.set(name, (count.get(name) ?? 0) + 1);
  return [...paths].map(([layer, path]) => ({ layer, name: count.get(layer.name) === 1 ? layer.name : path }));
}
