import { isModel } from "../models/forward-layers";
import type { LayersModel, layers, SymbolicTensor } from "../tensorflow";

/** What a model's output is, as far as its last layers tell. */
export interface ModelEnding {
  /**
   * `"logits"`: any numbers, what a softmax would take; `"softmax"`: probabilities that sum to 1; `"probabilities"`:
   * numbers from 0 to 1 that need not sum to 1; `"unknown"` where a layer of the user's own comes last.
   */
  readonly kind: "logits" | "softmax" | "probabilities" | "unknown";
  /** Why it is not plainly one of the first two; null where nothing need be said. */
  readonly warning: string | null;
}

const LOGITS: ModelEnding = { kind: "logits", warning: null };
const SOFTMAX: ModelEnding = { kind: "softmax", warning: null };

/** Layers that apply their activation to all that they compute, as the last thing. */
const ACTIVATED = new Set(["Activation", "Dense", "Conv1D", "Conv2D", "Conv2DTranspose", "Conv3D", "Conv3DTranspose", "DepthwiseConv2D", "SeparableConv2D", "SimpleRNN"]); // prettier-ignore
/** Layers that hand values on, some left out, in another order or with noise. */
const PASSING = new Set([
  "AlphaDropout",
  "Dropout",
  "GaussianDropout",
  "GaussianNoise",
  "Masking",
  "SpatialDropout1D",
  "StochasticDepth",
]);
const RESHAPING = new Set(["Flatten", "Permute", "RepeatVector", "Reshape"]);
/** Layers whose output is a mean of their inputs. */
const AVERAGING = new Set(["Average", "GlobalAveragePooling1D", "GlobalAveragePooling2D", "AveragePooling1D", "AveragePooling2D", "AveragePooling3D"]); // prettier-ignore
/** Layers that choose or join among their inputs: of logits come logits. */
const JOINING = new Set(["Add", "CenterCrop", "Concatenate", "Cropping2D", "GlobalMaxPooling1D", "GlobalMaxPooling2D", "MaxPooling1D", "MaxPooling2D", "MaxPooling3D", "Maximum", "Minimum", "Multiply", "Rescaling", "Resizing", "UpSampling2D", "ZeroPadding2D"]); // prettier-ignore
/** Layers of tfjs after which numbers are any. */
const FREE = new Set(["BatchNormalization", "Dot", "ELU", "Embedding", "InputLayer", "LayerNormalization", "LeakyReLU", "PReLU", "ReLU", "ThresholdedReLU"]); // prettier-ignore
/** Layers with gates: what they put out is not what their activation does. */
const GATED = new Set(["ConvLSTM2D", "GRU", "LSTM"]);

/** Where a nested model's inputs come from. */
interface Surroundings {
  readonly model: LayersModel;
  readonly inputs: readonly SymbolicTensor[];
  readonly outer: Surroundings | null;
}

/**
 * What an output of a model is, by default the first: its chain of layers is followed back from there, into nested models and what layers
 * wrap, through dropout and reshaping, to the layer that decides.
 */
export function modelEnding(model: LayersModel, output = 0): ModelEnding {
  return endingOf(model.outputs[output]!, null);
}

function endingOf(tensor: SymbolicTensor, around: Surroundings | null): ModelEnding {
  const layer = tensor.sourceLayer as layers.Layer | LayersModel;
  const inputs = tensor.inputs ?? [];
  if (isModel(layer)) {
    const inner = layer.outputs[(tensor as { outputTensorIndex?: number }).outputTensorIndex ?? 0] ?? layer.outputs[0]!;
    return endingOf(inner, { model: layer, inputs, outer: around });
  }
  if (around && layer.getClassName() === "InputLayer") {
    const at = around.model.inputs.indexOf(tensor);
    const fed = around.inputs[Math.max(0, at)];
    return fed ? endingOf(fed, around.outer) : LOGITS;
  }
  return endingOfLayer(layer, tensor.shape, () => inputs.map((input) => endingOf(input, around)), inputs);
}

function endingOfLayer(
  layer: layers.Layer,
  shape: readonly (number | null)[],
  fed: () => ModelEnding[],
  inputs: readonly SymbolicTensor[],
): ModelEnding {
  const name = layer.getClassName();
  const activation = layer.getConfig()["activation"];
  // Over the last axis: tfjs computes no other.
  if (name === "Softmax") return SOFTMAX;
  if (name === "TimeDistributed") {
    const inner = (layer as unknown as { layer: layers.Layer | LayersModel }).layer;
    if (isModel(inner)) return endingOf(inner.outputs[0]!, { model: inner, inputs, outer: null });
    return endingOfLayer(inner, shape, fed, inputs);
  }
  if (name === "Bidirectional") {
    const { forwardLayer, mergeMode } = layer as unknown as { forwardLayer: layers.Layer; mergeMode: string | null };
    const ending = endingOfLayer(forwardLayer, shape, fed, inputs);
    return ending.kind === "logits" || mergeMode === "ave"
      ? ending
      : uneven(`both directions of ${layer.name}, joined`);
  }
  if (ACTIVATED.has(name))
    return activation === "linear" && name === "Activation" ? passed(fed()) : activated(layer, activation);
  if (GATED.has(name))
    return ["softmax", "sigmoid", "hardSigmoid"].includes(String(activation))
      ? uneven(`layer ${layer.name}, which gates its ${String(activation)}`)
      : LOGITS;
  if (PASSING.has(name)) {
    const ending = passed(fed());
    // Dropped ones are gone from the sum, in training.
    return ending.kind === "softmax" ? { kind: "probabilities", warning: null } : ending;
  }
  if (RESHAPING.has(name)) {
    const ending = passed(fed());
    const same = inputs[0]?.shape.at(-1) === shape.at(-1);
    return ending.kind === "softmax" && !same ? uneven(`a softmax that ${layer.name} reshapes`) : ending;
  }
  if (AVERAGING.has(name) || JOINING.has(name)) {
    const endings = fed();
    const odd = endings.find(({ kind }) => kind !== "logits");
    if (!odd) return LOGITS;
    if (AVERAGING.has(name) && endings.every(({ kind }) => kind === odd.kind)) return odd;
    return odd.kind === "unknown" ? odd : uneven(`probabilities that ${layer.name} joins`);
  }
  if (FREE.has(name)) return LOGITS;
  if (activation !== undefined) return activated(layer, activation);
  return {
    kind: "unknown",
    warning:
      `Cross-entropy takes the outputs of layer ${layer.name} (${name}) as logits: whether they are probabilities cannot ` +
      "be told of a layer of one's own; where they are, pass { loss: (prediction, target) => … }",
  };
}

function activated(layer: layers.Layer, activation: unknown): ModelEnding {
  if (activation === "softmax") return SOFTMAX;
  if (activation !== "sigmoid" && activation !== "hardSigmoid") return LOGITS;
  return {
    kind: "probabilities",
    warning:
      `The outputs of layer ${layer.name} end in a sigmoid and need not sum to 1: cross-entropy divides them by their sum, ` +
      "as Keras does; end in a softmax or without activation, or pass { loss: (prediction, target) => … }",
  };
}

function passed(endings: readonly ModelEnding[]): ModelEnding {
  return endings[0] ?? LOGITS;
}

function uneven(what: string): ModelEnding {
  return {
    kind: "probabilities",
    warning:
      `The outputs are ${what}, and need not sum to 1: cross-entropy divides them by their sum, as Keras does; end in a ` +
      "softmax over the classes, or pass { loss: (prediction, target) => … }",
  };
}
