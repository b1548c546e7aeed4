import type { layers } from "../tensorflow";

const RELU_CLASSES = new Set(["ReLU", "LeakyReLU", "PReLU", "ThresholdedReLU"]);
const RELU_ACTIVATIONS = new Set(["relu", "relu6"]);
/** Activations of which each unit has its own; a softmax over all units is none. */
const ACTIVATIONS = new Set([
  ...RELU_ACTIVATIONS,
  "elu",
  "selu",
  "gelu",
  "gelunew",
  "swish",
  "silu",
  "mish",
  "softplus",
]);
/** Layers of one's own are known by the name that the literature gives them. */
const ACTIVATION_CLASS = /^(?:leaky|p|thresholded)?relu6?$|^(?:elu|selu|gelu|swish|silu|mish|softplus|hardswish)(?:layer|activation)?$/; // prettier-ignore
const NORM_CLASS = /^(?:batch|layer|group|instance|rms|unit)norm(?:alization|alisation)?(?:[123]d)?$/;
const RECURRENT_CLASS = /^(?:rnn|simplernn|lstm|gru|convlstm[123]d|bidirectional)$/;

/** A layer's class without what spellings differ in. */
const classOf = (layer: layers.Layer): string =>
  layer
    .getClassName()
    .replace(/[^a-zA-Z0-9]/g, "")
    .toLowerCase();

/** A layer or, of one that wraps another as `timeDistributed` does, what it wraps: whether a test holds of either. */
function orWrapped(layer: layers.Layer, holds: (layer: layers.Layer) => boolean): boolean {
  if (holds(layer)) return true;
  const { layer: inner } = layer as { layer?: layers.Layer };
  return inner !== undefined && typeof inner.getClassName === "function" && orWrapped(inner, holds);
}

function hasActivation(layer: layers.Layer, known: ReadonlySet<string>): boolean {
  const { activation } = layer.getConfig();
  // Keras 3 and layers of one's own may write an activation as an object.
  const name = typeof activation === "object" && activation !== null ? (activation as { className?: unknown }).className : activation; // prettier-ignore
  return typeof name === "string" && known.has(name.replace(/[^a-zA-Z0-9]/g, "").toLowerCase());
}

export const isBatchNormalization = (layer: layers.Layer): boolean => layer.getClassName() === "BatchNormalization";

export const isRelu = (layer: layers.Layer): boolean =>
  orWrapped(layer, (each) => RELU_CLASSES.has(each.getClassName()) || hasActivation(each, RELU_ACTIVATIONS));

/** ReLU and its kin, ELU, SELU, GELU, swish, mish and softplus, as layers or as another layer's activation. */
export const isActivation = (layer: layers.Layer): boolean =>
  orWrapped(layer, (each) => ACTIVATION_CLASS.test(classOf(each)) || hasActivation(each, ACTIVATIONS));

/** Batch, layer, group, instance and RMS normalization. */
export const isNorm = (layer: layers.Layer): boolean => orWrapped(layer, (each) => NORM_CLASS.test(classOf(each)));

/** Any layer whose class is called attention: tfjs-layers' own and those of one's own. */
export const isAttention = (layer: layers.Layer): boolean =>
  orWrapped(layer, (each) => classOf(each).includes("attention"));

/** Recurrent layers, alone or in both directions. */
export const isRecurrent = (layer: layers.Layer): boolean =>
  orWrapped(layer, (each) => RECURRENT_CLASS.test(classOf(each)));
