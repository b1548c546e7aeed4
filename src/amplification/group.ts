import type { LayersModel, layers } from "../tensorflow";
import { forwardLayers, isModel } from "../models/forward-layers";
import { namedLayers } from "../models/named-layers";
import { type Group, groupName } from "../spec";
import { isActivation, isAttention, isBatchNormalization, isNorm, isRecurrent, isRelu } from "./layer-kinds";
import { residualBranches } from "./residual-branches";

function bnOfBlocks(model: LayersModel, which: "first" | "last"): layers.Layer[] {
  const branches = residualBranches(model).map((branch) => branch.filter(isBatchNormalization));
  const chosen = branches.map((branch) => branch.at(which === "first" ? 0 : -1)).filter((layer) => layer !== undefined);
  const wanted = new Set(chosen);
  return forwardLayers(model).filter((layer) => wanted.has(layer));
}

/**
 * The layers of a group in forward order; nested models are entered and a shared layer counts once. A predicate that
 * matches a nested model and none of its layers takes the model itself: what is done to a layer's output is done to its.
 *
 * `relu` takes ReLU layers and their leaky and parametric kin, activation layers, and any layer with
 * `activation: "relu"`, also one that another wraps. `first-bn-of-block` and `last-bn-of-block` take one batch normalisation of each residual
 * block's main branch; those of stem and shortcut belong to `bn` only.
 *
 * For models of today: `activation` takes ELU, SELU, GELU, swish, mish, softplus and the ReLUs, alone or inside layers;
 * `norm` batch, layer, group, instance and RMS normalization; `attention` and `recurrent` the layers of these names. Layers of
 * one's own are known by their class name, wrapped ones by what is wrapped.
 *
 * Source: Basodi et al. 2020, phase 1; "one of the BN layers from a residual block" does not say which.
 *
 * @param model any `tf.LayersModel`; nested models are entered
 * @param which the group's name, or a predicate on layers
 * @throws {RangeError} if the name is unknown or the model has no such layer
 *
 * @example
 * import * as ga from "gradamp";
 * const model = ga.vgg08({ classes: 10, batchNorm: true });
 * console.log(ga.group(model, "bn").map((layer) => layer.name));
 */
export function group(model: LayersModel, which: Group): layers.Layer[] {
  const members = layersOf(model, which);
  if (members.length === 0) {
    const name = typeof which === "function" ? "the predicate" : `group "${which}"`;
    throw new RangeError(
      `Expected ${name} to match at least one layer of ${model.name} but found none: its layers are of the classes ` +
        [...new Set(forwardLayers(model).map((layer) => layer.getClassName()))].join(", "),
    );
  }
  return members;
}

/** Nested models are chosen whole where a predicate matches them and none of their layers. */
function chosenBy(model: LayersModel, predicate: (layer: layers.Layer) => boolean): layers.Layer[] {
  const matched = new Set(namedLayers(model, { models: true }).map(({ layer }) => layer).filter(predicate)); // prettier-ignore
  return [...matched].filter(
    (layer) => !isModel(layer) || !namedLayers(layer, { models: true }).some((inner) => matched.has(inner.layer)),
  );
}

function layersOf(model: LayersModel, which: Group): layers.Layer[] {
  const known = groupName.read(which, "group");
  if (typeof known === "function") return chosenBy(model, (layer) => isChosen(known, layer));
  switch (known) {
    case "relu":
      return forwardLayers(model).filter(isRelu);
    case "bn":
      return forwardLayers(model).filter(isBatchNormalization);
    case "bn+relu":
      return forwardLayers(model).filter((layer) => isBatchNormalization(layer) || isRelu(layer));
    case "activation":
      return forwardLayers(model).filter(isActivation);
    case "norm":
      return forwardLayers(model).filter(isNorm);
    case "attention":
      return forwardLayers(model).filter(isAttention);
    case "recurrent":
      return forwardLayers(model).filter(isRecurrent);
    case "first-bn-of-block":
      return bnOfBlocks(model, "first");
    case "last-bn-of-block":
      return bnOfBlocks(model, "last");
  }
}

/** A predicate's answer; a Promise, which would count as yes, is refused. */
function isChosen(predicate: (layer: layers.Layer) => boolean, layer: layers.Layer): boolean {
  const answer: unknown = predicate(layer);
  if (answer instanceof Promise) {
    throw new TypeError(
      `Expected the predicate to answer true or false for ${layer.name} but found a Promise: leave async out`,
    );
  }
  return Boolean(answer);
}
