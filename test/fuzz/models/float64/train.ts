import { isModel } from "../../../../src/models/forward-layers";
import type { LayersModel, layers, SymbolicTensor } from "../../../../src/tensorflow";
import { ARITHMETIC, type LayerCall, Unknown } from "./layers";
import { type Numbers, sizeOf, Tape, Value } from "./values";

/** How plain arithmetic trains: all samples are each step's batch. */
export interface PlainTraining {
  readonly steps: number;
  readonly optimizer: { readonly name: "sgd"; readonly rate: number; readonly momentum: number } | { readonly name: "adam"; readonly rate: number }; // prettier-ignore
  readonly loss: "crossEntropy" | "squares";
  readonly amplify: { readonly factor: number; readonly scope: "backprop" | "parameters" | "input" } | null;
  readonly clipNorm: number | null;
  /** Whether to round to float32 after each operation, as one that is looked at would; false by default. */
  readonly isShort?: boolean;
}

export interface PlainData {
  readonly inputs: ArrayLike<number>;
  readonly shape: readonly number[];
  readonly targets: readonly number[];
}

interface Weight {
  readonly variable: layers.Layer["weights"][number];
  readonly owner: layers.Layer;
  data: Numbers;
  /** Of SGD, or Adam's first moment. */
  momentum: Numbers;
  /** Adam's second. */
  squares: Numbers;
}

/** Most products of a pass: beyond it plain JavaScript takes too long. */
const MOST_PRODUCTS = 3e6;

/**
 * A model's weights, in its order, after training in float64; the model itself is left as it is.
 *
 * @param start the weights to begin with
 * @throws {Unknown} where a layer is of a class, or has a setting, that this arithmetic does not know
 */
export function trainPlainly(
  model: LayersModel,
  data: PlainData,
  training: PlainTraining,
  start: readonly ArrayLike<number>[],
): Numbers[] {
  const numbers = (values: ArrayLike<number>) => new Tape(training.isShort).numbers(values);
  const weights = model.weights.map((variable, at): Weight => {
    const own = numbers(start[at]!);
    const owner = ownerOf(model, variable);
    return {
      variable,
      owner,
      data: own,
      momentum: own.map(() => 0),
      squares: own.map(() => 0),
    };
  });
  const trained = new Set(model.trainableWeights);
  for (let step = 1; step <= training.steps; step++) {
    const values = new Map(weights.map(({ variable, data: own }) => [variable, new Value(variable.shape as number[], own)])); // prettier-ignore
    const kept = new Map<Weight["variable"], Numbers>();
    const tape = new Tape(training.isShort);
    const output = forward(model, new Value(data.shape, numbers(data.inputs)), {
      tape,
      values,
      kept,
      training,
    });
    tape.differentiate(LOSSES[training.loss](tape, output, data.targets));
    const own = weights.filter(({ variable }) => trained.has(variable));
    const gradients = own.map((weight) => {
      const { gradient } = values.get(weight.variable)!;
      const { l1, l2 } = penaltyOf(weight);
      return gradient.map((each, at) => each + l1 * Math.sign(weight.data[at]!) + 2 * l2 * weight.data[at]!);
    });
    clip(gradients, training.clipNorm);
    own.forEach((weight, at) => update(weight, gradients[at]!, training.optimizer, step));
    for (const weight of weights) weight.data = numbers(kept.get(weight.variable) ?? weight.data);
  }
  return weights.map(({ data: own }) => own);
}

interface Pass {
  readonly tape: Tape;
  readonly values: ReadonlyMap<Weight["variable"], Value>;
  readonly kept: Map<Weight["variable"], Numbers>;
  readonly training: PlainTraining;
}

function forward(model: LayersModel, input: Value, pass: Pass): Value {
  if (model.inputs.length !== 1 || model.outputs.length !== 1) throw new Unknown("several inputs or outputs");
  const known = new Map<SymbolicTensor, Value>([[model.inputs[0]!, input]]);
  const valueOf = (tensor: SymbolicTensor): Value => {
    const before = known.get(tensor);
    if (before) return before;
    const inputs = tensor.inputs.map(valueOf);
    const layer = tensor.sourceLayer as layers.Layer | LayersModel;
    const value = isModel(layer) ? forward(layer, inputs[0]!, pass) : applyLayer(layer, inputs, pass);
    known.set(tensor, value);
    return value;
  };
  return valueOf(model.outputs[0]!);
}

function applyLayer(layer: layers.Layer, given: readonly Value[], pass: Pass): Value {
  const { tape, training } = pass;
  const { amplify } = training;
  const name = layer.getClassName();
  const arithmetic = ARITHMETIC[name];
  if (!arithmetic) throw new Unknown(name);
  const bound = Object.entries(layer.getConfig()).find(([key, value]) => key.endsWith("Constraint") && value);
  if (bound) throw new Unknown(bound[0]);
  const isOff = (one: layers.Layer) => one.weights.length > 0 && one.trainableWeights.length === 0;
  if (name === "BatchNormalization" && isOff(layer)) throw new Unknown("frozen batch norm");
  const callOf = (one: layers.Layer): Omit<LayerCall, "tape"> => ({
    config: one.getConfig(),
    weights: Object.fromEntries(
      one.weights.map((weight) => [weight.originalName.split("/").at(-1)!, weightOf(weight)]),
    ),
    inner: null,
    keep: (weight, values) =>
      void pass.kept.set(
        one.weights.find(({ originalName }) => originalName.endsWith(weight))!,
        values,
      ),
  });
  const weightOf = (weight: Weight["variable"]): Value => {
    const value = pass.values.get(weight)!;
    const isScaled = amplify?.scope === "parameters" && layer.trainableWeights.includes(weight);
    return isScaled ? tape.scaleGradient(value, amplify.factor) : value;
  };
  const { layer: wrapped } = layer as { layer?: layers.Layer };
  const inner = wrapped ? { className: wrapped.getClassName(), call: callOf(wrapped) } : null;
  const inputs = amplify?.scope === "input" ? given.map((each) => tape.scaleGradient(each, amplify.factor)) : given;
  const own = callOf(layer);
  const products = (Object.values(own.weights)[0]?.data.length ?? 0) * inputs[0]!.data.length;
  if (/Conv/.test(name) && products > 100 * MOST_PRODUCTS) throw new Unknown("too many products");
  if (inputs.some(({ data }) => data.length === 0)) throw new Unknown("nothing");
  const result = arithmetic(inputs, { ...own, inner, tape });
  return amplify?.scope === "backprop" ? tape.scaleGradient(result, amplify.factor) : result;
}

const ownerOf = (model: LayersModel, variable: Weight["variable"]): layers.Layer => {
  const owner = model.layers.find((layer) => layer.weights.includes(variable))!;
  return isModel(owner) ? ownerOf(owner, variable) : owner;
};

function penaltyOf({ variable, owner }: Weight): { readonly l1: number; readonly l2: number } {
  const kind = variable.originalName.split("/").at(-1)!;
  const found = owner.getConfig()[`${kind}Regularizer`] as { config?: { l1?: number; l2?: number } } | null | undefined;
  return { l1: found?.config?.l1 ?? 0, l2: found?.config?.l2 ?? 0 };
}

const LOSSES = {
  /** Of logits. */
  crossEntropy(tape: Tape, logits: Value, targets: readonly number[]): Value {
    const classes = logits.shape[1]!;
    const shares = logits.data.slice();
    let loss = 0;
    for (const [row, target] of targets.entries()) {
      const own = shares.subarray(row * classes, (row + 1) * classes);
      const most = Math.max(...own);
      const sum = Array.from(own).reduce((total, each) => total + Math.exp(each - most), 0);
      loss -= (own[target]! - most - Math.log(sum)) / targets.length;
      for (const [at, each] of own.entries()) own[at] = Math.exp(each - most) / sum - (at === target ? 1 : 0);
    }
    return tape.record([], Float64Array.of(loss), () =>
      shares.forEach((each, at) => (logits.gradient[at]! += each / targets.length)),
    );
  },
  /** The mean square of the distance from one-hot targets. */
  squares(tape: Tape, output: Value, targets: readonly number[]): Value {
    const classes = output.shape[1]!;
    const distance = output.data.map((each, at) => each - (targets[Math.floor(at / classes)] === at % classes ? 1 : 0));
    const size = sizeOf(output.shape);
    const loss = Array.from(distance).reduce((sum, each) => sum + each * each, 0) / size;
    return tape.record([], Float64Array.of(loss), () =>
      distance.forEach((each, at) => (output.gradient[at]! += (2 * each) / size)),
    );
  },
} as const;

function clip(gradients: readonly Numbers[], clipNorm: number | null): void {
  if (clipNorm === null) return;
  const norm = Math.sqrt(
    gradients.reduce((sum, each) => sum + Array.from(each).reduce((total, g) => total + g * g, 0), 0),
  );
  const scale = Math.min(1, clipNorm / (norm + 1e-6));
  for (const each of gradients) each.forEach((value, at) => (each[at] = value * scale));
}

function update(weight: Weight, gradient: Numbers, optimizer: PlainTraining["optimizer"], step: number): void {
  const { momentum, squares } = weight;
  weight.data = weight.data.map((value, at) => {
    const g = gradient[at]!;
    if (optimizer.name === "sgd") {
      momentum[at] = optimizer.momentum * momentum[at]! + g;
      return value - optimizer.rate * momentum[at];
    }
    momentum[at] = 0.9 * momentum[at]! + 0.1 * g;
    squares[at] = 0.999 * squares[at]! + 0.001 * g * g;
    const size = Math.sqrt(squares[at]) / Math.sqrt(1 - 0.999 ** step) + 1e-8;
    return value - ((optimizer.rate / (1 - 0.9 ** step)) * momentum[at]) / size;
  });
}
