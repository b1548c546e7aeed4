import { type LayersModel, type layers, type Scalar, type SymbolicTensor, type Tensor, tf } from "../../src/tensorflow";
import { symmetric } from "./deterministic";

/** A model that is not a plain chain of layers, with data that fits it and a loss. */
export interface OddModel {
  readonly name: string;
  model(): LayersModel;
  /** Samples for each of its inputs, `[12, …]`. */
  readonly inputs: readonly number[][][];
  /** What a batch's loss is; of several outputs all take part. */
  readonly loss: (prediction: Tensor | Tensor[], target: Tensor) => Scalar;
}

const seeded = (seed: number) => tf.initializers.randomUniform({ minval: -0.8, maxval: 0.8, seed });
const dense = (name: string, units: number, seed: number, rest: object = {}) =>
  tf.layers.dense({ name, units, kernelInitializer: seeded(seed), ...rest });
const apply = (layer: layers.Layer | LayersModel, x: SymbolicTensor | SymbolicTensor[]) =>
  layer.apply(x) as SymbolicTensor;
const samples = (key: string, shape: readonly [number, ...number[]]): number[][] =>
  tf.tidy(() => tf.tensor(symmetric(key, 12 * shape.reduce((a, b) => a * b, 1), 1), [12, ...shape]).arraySync()) as number[][]; // prettier-ignore

const squares = (prediction: Tensor | Tensor[], target: Tensor): Scalar =>
  tf.addN([prediction].flat().map((one) => one.mean(1).sub(target).square().mean())) as Scalar;

/** A layer of the user's own, with a weight of its own: x · scale + |x|. */
export class ScaledAbs extends tf.layers.Layer {
  static className = "ScaledAbs";
  #scale: { read(): Tensor } | null = null;
  override build(shape: number[]): void {
    this.#scale = this.addWeight("scale", [shape.at(-1)!], "float32", seeded(31));
    this.built = true;
  }
  override call(inputs: Tensor | Tensor[]): Tensor {
    return tf.tidy(() => {
      const x = [inputs].flat()[0]!;
      return tf.add(tf.mul(x, this.#scale!.read()), tf.abs(x));
    });
  }
  override computeOutputShape(shape: number[]): number[] {
    return shape;
  }
}

export const ODD_MODELS: readonly OddModel[] = [
  {
    name: "two inputs",
    inputs: [samples("left", [3]), samples("right", [2])],
    loss: squares,
    model() {
      const [left, right] = [tf.input({ shape: [3], name: "left" }), tf.input({ shape: [2], name: "right" })];
      const joined = tf.layers
        .concatenate({ name: "joined" })
        .apply([
          apply(dense("from_left", 4, 1, { activation: "relu" }), left),
          apply(dense("from_right", 4, 2, { activation: "relu" }), right),
        ]) as SymbolicTensor;
      return tf.model({ name: "two_inputs", inputs: [left, right], outputs: apply(dense("head", 2, 3), joined) });
    },
  },
  {
    name: "several outputs",
    inputs: [samples("x", [3])],
    loss: squares,
    model() {
      const input = tf.input({ shape: [3], name: "x" });
      const trunk = apply(tf.layers.reLU({ name: "relu" }), apply(dense("trunk", 4, 4), input));
      const outputs = [apply(dense("mean", 1, 5), trunk), apply(dense("spread", 2, 6), trunk)];
      return tf.model({ name: "several_outputs", inputs: input, outputs });
    },
  },
  {
    name: "a layer used twice",
    inputs: [samples("x", [4])],
    loss: squares,
    model() {
      const input = tf.input({ shape: [4], name: "x" });
      const shared = dense("shared", 4, 7);
      const relu = tf.layers.reLU({ name: "relu" });
      const once = apply(relu, apply(shared, input));
      const twice = apply(relu, apply(shared, once));
      return tf.model({ name: "shared_layer", inputs: input, outputs: apply(dense("head", 2, 8), twice) });
    },
  },
  {
    name: "an LSTM",
    inputs: [samples("x", [3, 3])],
    loss: squares,
    model: () =>
      tf.sequential({
        name: "lstm_model",
        layers: [
          tf.layers.lstm({ units: 4, inputShape: [3, 3], name: "lstm", kernelInitializer: seeded(9), recurrentInitializer: seeded(10), returnSequences: true }), // prettier-ignore
          tf.layers.timeDistributed({ layer: dense("inner", 3, 11, { activation: "relu" }), name: "each" }),
          tf.layers.bidirectional({ layer: tf.layers.gru({ units: 2, kernelInitializer: seeded(12), recurrentInitializer: seeded(13) }) as never, mergeMode: "concat", name: "both" }), // prettier-ignore
          dense("head", 2, 14),
        ],
      }),
  },
  {
    name: "frozen layers",
    inputs: [samples("x", [3])],
    loss: squares,
    model() {
      const frozen = dense("frozen", 4, 15, { activation: "relu" });
      const norm = tf.layers.batchNormalization({ name: "frozen_bn" });
      const model = tf.sequential({
        name: "frozen_layers",
        layers: [dense("first", 3, 16, { inputShape: [3] }), frozen, norm, dense("head", 2, 17)],
      });
      frozen.trainable = false;
      norm.trainable = false;
      return model;
    },
  },
  {
    name: "regularisers",
    inputs: [samples("x", [3])],
    loss: squares,
    model: () =>
      tf.sequential({
        name: "regularised",
        layers: [
          dense("first", 4, 18, { inputShape: [3], activation: "relu", kernelRegularizer: tf.regularizers.l2({ l2: 0.1 }) }), // prettier-ignore
          dense("head", 2, 19, { kernelRegularizer: tf.regularizers.l1({ l1: 0.01 }) }),
        ],
      }),
  },
  {
    name: "a model inside a model",
    inputs: [samples("x", [3])],
    loss: squares,
    model() {
      const part = (name: string, seed: number) =>
        tf.sequential({
          name,
          layers: [
            dense("dense", 3, seed, { inputShape: [3] }),
            tf.layers.batchNormalization({ name: "bn" }),
            tf.layers.reLU({ name: "relu" }),
          ],
        });
      return tf.sequential({ name: "nested", layers: [part("encoder", 20), part("decoder", 21), dense("head", 2, 22)] }); // prettier-ignore
    },
  },
  {
    name: "a custom layer",
    inputs: [samples("x", [3])],
    loss: squares,
    model: () =>
      tf.sequential({
        name: "custom",
        layers: [
          dense("first", 3, 23, { inputShape: [3] }),
          new ScaledAbs({ name: "scaled_abs" }),
          tf.layers.layerNormalization({ name: "layer_norm" }),
          tf.layers.dropout({ rate: 0.25, name: "dropout" }),
          dense("head", 2, 24),
        ],
      }),
  },
];
