import { checkModel } from "../options";
import { innerLayers } from "../models/inner-layers";
import { namedLayers } from "../models/named-layers";
import { weightChains } from "./weight-chains";
import type { LayersModel, layers, Tensor, Variable } from "../tensorflow";

/** What a layer demands of a weight tensor: the nearest values that satisfy it. */
export interface Constraint {
  apply(weights: Tensor): Tensor;
}

/** One trainable weight tensor of a model. */
export interface WeightTensor {
  /** Name of the layer that owns it, with the path of nested models: `encoder/dense`. */
  readonly layer: string;
  /**
   * "kernel", "bias", "gamma", "beta", …; unique in its layer: `forward/kernel` of a bidirectional layer, `cell_0/kernel` of
   * stacked cells, `dense/kernel` where a wrapped model has several layers.
   */
  readonly weight: string;
  /** Position in forward order, from 0. */
  readonly index: number;
  /** How many numbers it holds. */
  readonly size: number;
  /** Its values. */
  readonly variable: Variable;
  /** The layer that owns it; null where a container of the user's own holds weights that none of its layers lists. */
  readonly owner: layers.Layer | null;
  /** What the layer was told of it (`kernelConstraint`, say), which training applies after each update; null for nothing. */
  readonly constraint: Constraint | null;
  /** Where branches run in parallel, the layer with which its chain begins; null where all weights are one chain. */
  readonly chain: string | null;
}

/** Of tfjs's weights what is read here. */
interface LayerVariable {
  readonly originalName: string;
  readonly constraint?: Constraint | null;
  read(): Tensor;
}

/**
 * The trainable weight tensors of a model in forward order, nested models entered, shared and frozen ones as the model
 * has them.
 *
 * @param model any `tf.LayersModel`; nested models are entered
 * @throws {TypeError} if an argument is of another kind
 * @example
 * import * as ga from "gradamp";
 * const model = ga.vgg08({ classes: 10 });
 * console.log(ga.weightTensors(model).map(({ layer, weight }) => `${layer} ${weight}`));
 */
export function weightTensors(model: LayersModel): WeightTensor[] {
  checkModel(model);
  const trainable = new Set<LayerVariable>(model.trainableWeights as unknown as LayerVariable[]);
  const ordered = namedLayers(model).flatMap(({ layer: owner, name: layer }) => {
    const parts = partsOf(owner);
    const names = uniqueNames();
    return (owner.trainableWeights as unknown as LayerVariable[])
      .filter((weight) => trainable.delete(weight))
      .map((weight) => {
        const part = parts.get(weight) ?? "";
        return { layer, owner, part, weight, name: names(`${part}${shortName(weight.originalName)}`) };
      });
  });
  const names = uniqueNames();
  const rest = [...trainable].map((weight) => ({ layer: model.name, owner: null, part: "", weight, name: names(shortName(weight.originalName)) })); // prettier-ignore
  const all = [...ordered, ...rest];
  const chains = weightChains(model, all);
  return all.map(({ layer, owner, weight, name }, index) => {
    const variable = weight.read() as Variable;
    const constraint = weight.constraint ?? null;
    return {
      layer,
      weight: name,
      index,
      size: variable.size,
      variable,
      owner,
      constraint,
      chain: chains?.[index] ?? null,
    };
  });
}

/** "block_0_0_conv_0/kernel_3" → "kernel". */
function shortName(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1).replace(/_\d+$/, "");
}

/** Makes names unique: the second "w" becomes "w_2". */
function uniqueNames(): (name: string) => string {
  const taken = new Set<string>();
  return (name) => {
    let own = name;
    for (let number = 2; taken.has(own); number++) own = `${name}_${number}`;
    taken.add(own);
    return own;
  };
}

/** In which part of a layer each of its weights lies, as `forward/`; "" for its own. */
function partsOf(owner: layers.Layer): Map<LayerVariable, string> {
  const parts = new Map<LayerVariable, string>();
  const seen = new Set<unknown>();
  const enter = (layer: layers.Layer | LayersModel, path: string): void => {
    if (seen.has(layer)) return;
    seen.add(layer);
    for (const inner of innerLayers(layer)) enter(inner.layer, inner.part === "" ? path : `${path}${inner.part}/`);
    // Whose inner layers have named theirs already is left with its own.
    for (const weight of layer.trainableWeights as unknown as LayerVariable[])
      if (!parts.has(weight)) parts.set(weight, path);
  };
  enter(owner, "");
  return parts;
}
