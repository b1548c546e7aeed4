import { namedLayers } from "../models/named-layers";
import type { LayersModel, layers, Tensor, Variable } from "../tensorflow";

/** What a layer demands of a weight tensor: the nearest values that satisfy it. */
export interface Constraint {
  apply(weights: Tensor): Tensor;
}

/** One trainable weight tensor of a model. */
export interface WeightTensor {
  /** Name of the layer that owns it; `encoder/dense` where nested models use a name twice. */
  readonly layer: string;
  /** "kernel", "bias", "gamma", "beta", … */
  readonly weight: string;
  /** Position in forward order, from 0. */
  readonly index: number;
  /** How many numbers it holds. */
  readonly size: number;
  readonly variable: Variable;
  /** The layer that owns it; null where a container of the user's own holds weights that none of its layers lists. */
  readonly owner: layers.Layer | null;
  /** What the layer was told of it (`kernelConstraint`, say), which training applies after each update; null for nothing. */
  readonly constraint: Constraint | null;
}

/**
 * The trainable weight tensors of a model in forward order, nested models entered, shared and frozen ones as the model
 * has them.
 *
 * @example
 * import * as ga from "gradamp";
 * const model = ga.vgg08({ classes: 10 });
 * console.log(ga.weightTensors(model).map(({ layer, weight }) => `${layer} ${weight}`));
 */
export function weightTensors(model: LayersModel): WeightTensor[] {
  const trainable = new Set(model.trainableWeights);
  const ordered = namedLayers(model).flatMap(({ layer: owner, name: layer }) =>
    owner.trainableWeights.filter((weight) => trainable.delete(weight)).map((weight) => ({ layer, owner, weight })),
  );
  const rest = [...trainable].map((weight) => ({ layer: model.name, owner: null, weight }));
  return [...ordered, ...rest].map(({ layer, owner, weight }, index) => {
    const variable = weight.read() as Variable;
    const constraint = (weight as unknown as { constraint?: Constraint | null }).constraint ?? null;
    return { layer, weight: shortName(weight.originalName), index, size: variable.size, variable, owner, constraint };
  });
}

/** "block_0_0_conv_0/kernel_3" → "kernel". */
function shortName(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1).replace(/_\d+$/, "");
}
