import { checkFunction, checkModel } from "../options";
import { type LayersModel, type layers, type Scalar, type Tensor, tf } from "../tensorflow";
import { forwardLayers, isModel } from "../models/forward-layers";
import { refuseIfUsed } from "../models/model-use";
import { namedLayers } from "../models/named-layers";
import { inputPlaces } from "../models/input-places";
import { callsWhole, outputLayers } from "../models/output-layers";
import { type CallWrapper, wrapCall } from "../models/wrap-call";
import { AMPLIFY, checkFactor, checkScope, field, type Given, integer, readFields, type Scope } from "../spec";
import { group } from "./group";
import { scaleGradient } from "./scale-gradient";
import { selectLayers } from "./select-layers";
import { noteStanding } from "./standing";

/** Said where something is told to be amplified that is not. */
export const NOTHING_AMPLIFIED =
  "Nothing is amplified: a ratio of 0 selects no layer, and a factor of 1 leaves gradients as they are";

const AMPLIFY_MODEL = {
  ...AMPLIFY,
  /** Of the random selection. Default: 0. */
  seed: field(integer, 0, "of the random selection"),
} as const;

/** What is amplified and how strongly. */
export type AmplifyOptions = Given<typeof AMPLIFY_MODEL>;

/** An amplification at work on a model. */
export interface Amplification {
  /** The amplified layers in forward order. */
  readonly layers: readonly layers.Layer[];
  /** |G|, how many layers the group has; with scope `"parameters"`, how many that have trainable weights. */
  readonly groupSize: number;
  /** Γ. */
  readonly ampFactor: number;
  /** Where the factor acts. */
  readonly scope: Scope;
  /** Takes the amplification off the model, without a trace; may be called twice. */
  remove(): void;
}

let pauses = 0;

/**
 * Computes something as if nothing were amplified anywhere: gradients of what is applied inside are raw.
 *
 * @param work computes gradients; synchronous
 * @throws {TypeError} if an argument is of another kind
 * @example
 * import * as ga from "gradamp";
 * const layer = ga.tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: "ones", name: "dense" });
 * const model = ga.tf.sequential({ layers: [layer] });
 * const amplified = ga.amplify(model, { group: (one) => one.name === "dense", ampFactor: 4 });
 * const slope = ga.tf.grad((x) => model.apply(x) as ga.Tensor);
 * slope(ga.tf.ones([1, 1])).print(); // 4
 * ga.withoutAmplification(() => slope(ga.tf.ones([1, 1]))).print(); // 1
 * amplified.remove();
 */
export function withoutAmplification<Result>(work: () => Result): Result {
  checkFunction(work, "what is to be done");
  pauses++;
  try {
    return work();
  } finally {
    pauses--;
  }
}

/** Multiplies the gradient that arrives at the layer's output. */
function backpropEffect(factor: Scalar): CallWrapper {
  return (call) => (inputs, kwargs) => {
    const outputs = call(inputs, kwargs);
    if (pauses > 0) return outputs;
    return Array.isArray(outputs)
      ? outputs.map((output: Tensor) => scaleGradient(output, factor))
      : scaleGradient(outputs, factor);
  };
}

/**
 * Multiplies the gradient that leaves the layer towards its inputs, its own parameters excluded.
 *
 * @param which of several inputs; null for all
 */
function inputEffect(factor: Scalar, which: ReadonlySet<number> | null): CallWrapper {
  // What takes whole numbers, as an embedding does, passes no gradient on.
  const scaled = (input: Tensor, at: number) =>
    input.dtype === "float32" && (which?.has(at) ?? true) ? scaleGradient(input, factor) : input;
  return (call) => (inputs, kwargs) => {
    if (pauses > 0) return call(inputs, kwargs);
    return call(Array.isArray(inputs) ? inputs.map(scaled) : scaled(inputs as Tensor, 0), kwargs);
  };
}

/**
 * Multiplies the gradients of the layer's own parameters. While the layer computes, each of its weights is read
 * through the scaling; outside of it `read()` hands out the plain variables, which optimizers need.
 */
function parametersEffect(layer: layers.Layer, factor: Scalar): CallWrapper {
  return (call) => (inputs, kwargs) => {
    if (pauses > 0) return call(inputs, kwargs);
    const weights = layer.trainableWeights;
    // A nested model around the layer may read its weights through a scaling of its own.
    const before = weights.map((weight) => (Object.hasOwn(weight, "read") ? weight.read : null));
    for (const weight of weights) {
      const read = weight.read.bind(weight);
      weight.read = () => scaleGradient(read(), factor);
    }
    try {
      return call(inputs, kwargs);
    } finally {
      weights.forEach((weight, at) => {
        if (before[at]) weight.read = before[at];
        else Reflect.deleteProperty(weight, "read");
      });
    }
  };
}

/** @throws {RangeError} if scope `"parameters"` meets no layer with trainable weights */
export function checkWeights(chosen: readonly layers.Layer[], scope: Scope): void {
  if (scope === "parameters" && chosen.length > 0 && withWeights(chosen, scope).length === 0) {
    throw new RangeError(
      `Expected layers amplified with scope "parameters" to own trainable weights but ${chosen[0]!.name} has none` +
        `${chosen.length > 1 ? `, nor have ${chosen.length - 1} more` : ""}: use scope "backprop" or another group`,
    );
  }
}

/** Of some layers those that amplification in a scope has an effect on. */
export function withWeights<L extends layers.Layer>(chosen: readonly L[], scope: Scope): L[] {
  return scope === "parameters" ? chosen.filter((layer) => layer.trainableWeights.length > 0) : [...chosen];
}

/** What should be said of layers that scope `"parameters"` leaves out; null where it leaves out none. */
export function leftOutWarning(members: readonly layers.Layer[], scope: Scope): string | null {
  const kept = new Set(withWeights(members, scope));
  const out = members.filter((layer) => !kept.has(layer)).map(({ name }) => name);
  if (out.length === 0) return null;
  return (
    `Scope "parameters" leaves out ${out.length} of ${members.length} layers of the group, which have no trainable weights: ` +
    `${out.slice(0, 3).join(", ")}${out.length > 3 ? ", …" : ""}`
  );
}

/** A layer on which an effect is put, and which. */
type Place = readonly [layer: layers.Layer, effect: CallWrapper];

/**
 * Where an effect is put so that it acts on a layer: on itself, or on a nested model's layers where these are called.
 */
function placesOf(model: LayersModel, layer: layers.Layer, scope: Scope, factor: Scalar): Place[] {
  const own = (one: layers.Layer): Place => [one, parametersEffect(one, factor)];
  const whole = !isModel(layer) || callsWhole(model, layer);
  switch (scope) {
    case "backprop":
      return (whole ? [layer] : outputLayers(layer)).map((one) => [one, backpropEffect(factor)]);
    case "input":
      if (whole) return [[layer, inputEffect(factor, null)]];
      return inputPlaces(layer).map(({ layer: one, inputs }) => [one, inputEffect(factor, inputs)]);
    case "parameters":
      return (whole ? [layer] : withWeights(forwardLayers(layer), scope)).map(own);
  }
}

/**
 * Amplifies given layers of a model: the part of {@link amplify} after the selection.
 *
 * @throws {RangeError} if a factor is off, a layer is not the model's, or scope `"parameters"` meets no weights
 */
export function amplifyLayers(
  model: LayersModel,
  chosen: readonly layers.Layer[],
  options: { ampFactor: number; scope: Scope; groupSize?: number },
): Amplification {
  const { ampFactor, scope, groupSize = chosen.length } = options;
  checkFactor(ampFactor);
  checkScope(scope);
  const known = new Set(namedLayers(model, { models: true }).map(({ layer }) => layer));
  const foreign = chosen.find((layer) => !known.has(layer));
  if (foreign) throw new RangeError(`Expected a layer of ${model.name} but found ${foreign.name} of another model`);
  checkWeights(chosen, scope);
  const factor = tf.keep(tf.scalar(ampFactor));
  const detach = chosen
    .flatMap((layer) => placesOf(model, layer, scope, factor))
    .map(([layer, effect]) => wrapCall(layer, effect));
  let attached = true;
  return {
    layers: [...chosen],
    groupSize,
    ampFactor,
    scope,
    remove() {
      if (!attached) return;
      attached = false;
      for (const undo of detach) undo();
      factor.dispose();
    },
  };
}

/**
 * Multiplies gradients at some layers of a model during backpropagation, until `remove()` is called.
 *
 * Works wherever the model is differentiated: in gradamp's trainer, in `model.fit`, and in a loop of one's own. A step
 * compiled with `ga.graph.compile` has the amplifications of its first call; it notices when one is removed, but not
 * when one is added later: compile it anew then.
 *
 * A model that is trained with an amplification left on it trains with that: `ga.train` with `save` records it, and
 * `ga.resume` puts it on again.
 *
 * A nested model that a predicate matches, and none of its layers, is amplified whole: at its output, or with scope
 * `"parameters"` in all its weights. Layers without trainable weights, as frozen ones, have no part in scope
 * `"parameters"`, and a warning says so.
 *
 * k amplified layers in series multiply the gradient at the input by Γ^k; a residual block's skip path is not
 * multiplied.
 *
 * Source: Basodi et al. 2020, "amplified when they pass through" (`scope: "backprop"`, PyTorch's full backward
 * pre-hook, or `"input"`, its full backward hook); Basodi et al. 2023, eq. 2–3 (`scope: "parameters"`).
 *
 * @param model whose gradients are amplified, in place
 * @param options group, ratio, factor, scope and seed of the selection
 * @throws {RangeError} if ratio, factor, scope or group make no sense for the model
 * @throws {Error} while `ga.train` is training the model: its compiled steps would not notice
 *
 * @example
 * import * as ga from "gradamp";
 * const model = ga.vgg08({ classes: 10, batchNorm: true });
 * const amplified = ga.amplify(model, { group: "bn", ampRatio: 0.5, ampFactor: 2, seed: 1 });
 * console.log(amplified.layers.map((layer) => layer.name));
 * amplified.remove();
 */
export function amplify(model: LayersModel, options: AmplifyOptions): Amplification {
  checkModel(model);
  const { group: which, ampRatio, ampFactor, scope, seed } = readFields(AMPLIFY_MODEL, options);
  refuseIfUsed(model, "be amplified as its run was told (amplify, stages)", ({ fit }) => fit === true);
  const all = group(model, which);
  checkWeights(all, scope);
  const warning = leftOutWarning(all, scope);
  if (warning) process.emitWarning(warning);
  if (ampRatio === 0 || ampFactor === 1) process.emitWarning(NOTHING_AMPLIFIED);
  const members = withWeights(all, scope);
  const chosen = selectLayers(members, ampRatio, seed);
  const amplification = amplifyLayers(model, chosen, { ampFactor, scope, groupSize: members.length });
  const forget = noteStanding(chosen, { ampFactor, scope });
  return {
    ...amplification,
    remove() {
      forget();
      amplification.remove();
    },
  };
}
