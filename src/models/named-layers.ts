import type { LayersModel, layers } from "../tensorflow";
import { isModel } from "./forward-layers";

/** A layer and the name that tells it from all others of its model. */
export interface NamedLayer {
  readonly layer: layers.Layer;
  readonly name: string;
}

/** What layers are called in rows, where it is not their own name. */
const aliases = new WeakMap<layers.Layer, string>();

/**
 * Calls the layers of a network by other names from now on, as rows that were kept do; none where they are not as many.
 */
export function nameLayersAs(model: LayersModel, names: readonly string[]): void {
  const found = namedLayers(model);
  if (found.length === names.length) found.forEach(({ layer }, at) => aliases.set(layer, names[at]!));
}

/**
 * The layers of `forwardLayers` with their names; before those of nested models stands their path: `encoder/dense`.
 *
 * @param options.models whether nested models themselves are named too, each behind its layers. Default: false
 */
export function namedLayers(model: LayersModel, options: { readonly models?: boolean } = {}): NamedLayer[] {
  const paths = new Map<layers.Layer, string>();
  const name = (layer: layers.Layer, path: string): void => {
    if (!paths.has(layer)) paths.set(layer, path);
  };
  const enter = (container: LayersModel, path: string): void => {
    for (const layer of container.layers) {
      if (isModel(layer)) enter(layer, `${path}${layer.name}/`);
      if (!isModel(layer) || options.models) name(layer, `${path}${layer.name}`);
    }
  };
  enter(model, "");
  return [...paths].map(([layer, path]) => ({ layer, name: aliases.get(layer) ?? path }));
}
