import { type Group, group } from "../../amplification";
import { weightTensors } from "../../gradients";
import { forwardLayers, isModel } from "../../models/forward-layers";
import { type NamedLayer, namedLayers } from "../../models/named-layers";
import type { LayersModel } from "../../tensorflow";

/**
 * The layers among which gradients choose: those with trainable weights, narrowed to a group.
 *
 * @throws {RangeError} if none is left
 */
export function consideredLayers(model: LayersModel, which: Group | null): NamedLayer[] {
  // A nested model stands for its layers: ratios are those of layers.
  const members = which === null ? null : new Set(group(model, which).flatMap((layer) => (isModel(layer) ? forwardLayers(layer) : [layer]))); // prettier-ignore
  // A layer that shares all its weights with an earlier one, as a wrapper may, owns none.
  const owners = new Set(weightTensors(model).map(({ owner }) => owner));
  const considered = namedLayers(model).filter(
    ({ layer }) => owners.has(layer) && (members === null || members.has(layer)),
  );
  if (considered.length === 0) {
    const found = members ? [...members].map(({ name }) => name).slice(0, 3).join(", ") : "none"; // prettier-ignore
    throw new RangeError(
      `Expected layers with trainable weights for gradients to choose from but found ${found}: leave group out, or take "bn" or a predicate`,
    );
  }
  return considered;
}
