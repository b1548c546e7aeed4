import type { layers } from "../tensorflow";

/** What a layer computes from its inputs. */
export type LayerCall = layers.Layer["call"];

/** Makes one way of computing from another. */
export type CallWrapper = (call: LayerCall) => LayerCall;

// One replacement serves all wrappers of a layer, so that they can be taken off in any order.
const wrapped = new WeakMap<layers.Layer, { own: LayerCall | null; active: CallWrapper[] }>();

/**
 * Puts something around what a layer computes, wherever the model is applied; later wrappers lie around earlier ones.
 *
 * @returns what takes this wrapper off again; when the last is off, the layer is as it was
 */
export function wrapCall(layer: layers.Layer, wrapper: CallWrapper): () => void {
  let entry = wrapped.get(layer);
  if (!entry) {
    const own = Object.hasOwn(layer, "call") ? layer.call : null;
    const original = layer.call;
    const created = { own, active: [] as CallWrapper[] };
    layer.call = function (this: layers.Layer, ...args: Parameters<LayerCall>) {
      return created.active.reduce((call, wrap) => wrap(call), original.bind(this))(...args);
    };
    wrapped.set(layer, created);
    entry = created;
  }
  const attached = entry;
  attached.active.push(wrapper);
  return () => {
    attached.active = attached.active.filter((other) => other !== wrapper);
    if (attached.active.length > 0) return;
    if (attached.own) layer.call = attached.own;
    else Reflect.deleteProperty(layer, "call");
    wrapped.delete(layer);
  };
}
