import type { LayersModel, layers } from "../tensorflow";
import { isModel } from "./forward-layers";

/** A layer and the name that tells it from all others of its model. */
export interface NamedLayer {
  readonly layer: layers.Layer;
  readonly name: string;
}

/** The layers of `forwardLayers` with their names; before those of nested models stands their path: `encoder/dense`. */
export function namedLayers(model: LayersModel): NamedLayer[] {
  const paths = new Map<layers.Layer, string>();
  const enter = (container: LayersModel, path: string): void => {
    for (const layer of container.layers) {
      if (isModel(layer)) enter(layer, `${path}${layer.name}/`);
      else if (!paths.has(layer)) paths.set(layer, `${path}${layer.name}`);
    }
  };
  enter(model, "");
  return [...paths].map(([layer, name]) => ({ layer, name }));
}
