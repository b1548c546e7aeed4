import type { LayersModel, layers } from "../tensorflow";
import { isModel } from "./forward-layers";
import { nodesIn } from "./nodes-in";

/** The layers that a layer's outputs come from: itself, or of a model its last ones. */
export function outputLayers(layer: layers.Layer | LayersModel): layers.Layer[] {
  if (!isModel(layer)) return [layer];
  const last = (layer.outputs as { sourceLayer: layers.Layer }[]).flatMap(({ sourceLayer }) =>
    outputLayers(sourceLayer),
  );
  return [...new Set(last)];
}

/**
 * Whether a model calls a nested one as a whole. A sequential model does not where that comes first: it takes the nested
 * model's layers for its own.
 */
export function callsWhole(model: LayersModel, nested: LayersModel): boolean {
  return model.layers.some(
    (layer) =>
      (layer === (nested as unknown) && nodesIn(model, layer).length > 0) ||
      (isModel(layer) && callsWhole(layer, nested)),
  );
}
