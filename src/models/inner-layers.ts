import { type LayersModel, type layers, tf } from "../tensorflow";
import { isModel } from "./forward-layers";

/** A layer that another one computes with. */
export interface InnerLayer {
  readonly layer: layers.Layer;
  /** What tells it from the others there: "forward", "cell_0", a nested layer's name; "" where there is only one. */
  readonly part: string;
}

/**
 * The layers that a layer computes with: a model's, both directions of a bidirectional one, what `timeDistributed` wraps, an
 * RNN's cell and what cells are stacked from, and those that a layer of the user's own keeps in its fields.
 */
export function innerLayers(layer: layers.Layer | LayersModel): InnerLayer[] {
  if (isModel(layer)) return layer.layers.map((inner) => ({ layer: inner, part: inner.name }));
  // tfjs's bidirectional layer keeps beside its two directions the layer that it copied, which computes nothing.
  const both = "forwardLayer" in layer && "backwardLayer" in layer;
  const found = Object.entries(layer).flatMap(([field, value]: [string, unknown]) => {
    if (both && field === "layer") return [];
    const part = field.replace(/^_+/, "").replace(/(?<=.)Layer$/, "");
    if (isLayer(value)) return [{ layer: value, part }];
    if (!Array.isArray(value)) return [];
    const stem = part.replace(/s$/, "");
    return value.flatMap((entry, at) => (isLayer(entry) ? [{ layer: entry, part: `${stem}_${at}` }] : []));
  });
  return found.length === 1 ? [{ ...found[0]!, part: "" }] : found;
}

/** A model's layers and all that they are made of, itself included. */
export function everyLayer(model: layers.Layer | LayersModel): Set<layers.Layer | LayersModel> {
  const found = new Set<layers.Layer | LayersModel>();
  const enter = (layer: layers.Layer | LayersModel): void => {
    if (found.has(layer)) return;
    found.add(layer);
    for (const inner of innerLayers(layer)) enter(inner.layer);
  };
  enter(model);
  return found;
}

function isLayer(value: unknown): value is layers.Layer {
  return value instanceof tf.layers.Layer;
}
