/** Models that gradamp did not make: what users bring. All take images of [8, 8, 3] and tell three classes. */
import { type LayersModel, type Shape, type SymbolicTensor, type Tensor, tf } from "../../src/tensorflow";
import { symmetric } from "./deterministic";

/** A user's own layer: softplus(x·a) − log Σ exp x, a learnt. */
class Sharpen extends tf.layers.Layer {
  static className = "Sharpen";
  #a!: ReturnType<tf_Layer["addWeight"]>;

  override build(shape: Shape | Shape[]): void {
    const { addWeight } = this as unknown as tf_Layer;
    this.#a = addWeight.call(this, "a", [(shape as Shape).at(-1)!], "float32", tf.initializers.ones());
    this.built = true;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    return tf.tidy(() => tf.softplus(x.mul(this.#a.read())).sub(tf.logSumExp(x, -1, true)));
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape | Shape[] {
    return shape;
  }
}

interface tf_Layer {
  addWeight(name: string, shape: Shape, dtype: "float32", initializer: unknown): { read(): Tensor };
}

const { layers } = tf;
const sequence = (...list: InstanceType<typeof layers.Layer>[]) =>
  tf.sequential({ layers: [layers.reshape({ targetShape: [8, 24], inputShape: [8, 8, 3] }), ...list] });
const classes = () => layers.dense({ units: 3 });

export const USER_MODELS: Readonly<Record<string, () => LayersModel>> = {
  "a functional model with two branches"() {
    const input = tf.input({ shape: [8, 8, 3] });
    const convolved = layers.conv2d({ filters: 4, kernelSize: 3, padding: "same", activation: "relu" }).apply(input);
    const separable = layers.separableConv2d({ filters: 4, kernelSize: 3, padding: "same" }).apply(input);
    const both = layers.concatenate().apply([convolved, separable] as SymbolicTensor[]);
    const pooled = layers.maxPooling2d({ poolSize: 2 }).apply(both);
    const flat = layers.flatten().apply(pooled);
    return tf.model({ inputs: input, outputs: classes().apply(flat) as SymbolicTensor });
  },
  "dropout, noise and layer normalisation": () =>
    tf.sequential({
      layers: [
        layers.flatten({ inputShape: [8, 8, 3] }),
        layers.dense({ units: 16, activation: "elu" }),
        layers.layerNormalization(),
        layers.dropout({ rate: 0.3 }),
        layers.gaussianNoise({ stddev: 0.1 }),
        layers.alphaDropout({ rate: 0.1 }),
        classes(),
      ],
    }),
  "an LSTM and a GRU with dropout": () =>
    sequence(
      layers.lstm({ units: 6, returnSequences: true, dropout: 0.2 }),
      layers.gru({ units: 5, dropout: 0.2, recurrentDropout: 0.2 }),
      classes(),
    ),
  "a bidirectional recurrent layer with batch norm": () =>
    sequence(
      layers.bidirectional({ layer: layers.simpleRNN({ units: 4 }) as never }),
      layers.batchNormalization(),
      classes(),
    ),
  "an embedding": () =>
    tf.sequential({
      layers: [
        layers.reshape({ targetShape: [192], inputShape: [8, 8, 3] }),
        layers.embedding({ inputDim: 5, outputDim: 4 }),
        layers.globalAveragePooling1d(),
        classes(),
      ],
    }),
  "a user's own layer, with a regulariser": () =>
    tf.sequential({
      layers: [
        layers.flatten({ inputShape: [8, 8, 3] }),
        layers.dense({ units: 16 }),
        new Sharpen({}),
        layers.dense({ units: 3, kernelRegularizer: tf.regularizers.l2({ l2: 0.01 }) }),
      ],
    }),
};

/** Twelve images with whole numbers from 0 to 4 as pixels (an embedding wants such), and their classes, one-hot. */
export function userSamples(): { x: Tensor; y: Tensor } {
  const pixels = Float32Array.from({ length: 12 * 192 }, (_, at) => Math.floor(2.5 + 2.4 * Math.sin(at * 1.7)));
  return tf.tidy(() => ({
    x: tf.tensor4d(pixels, [12, 8, 8, 3]),
    y: tf.oneHot(tf.tensor1d(Array.from({ length: 12 }, (_, at) => at % 3), "int32"), 3), // prettier-ignore
  }));
}

/** Gives every matrix and kernel the same start in each run of a test; biases and norms start alike anyway. */
export function fixStart(model: LayersModel): void {
  model.weights.forEach((weight, at) => {
    const { shape } = weight as { shape: number[] };
    if (shape.length < 2) return;
    const fanIn = tf.util.sizeFromShape(shape.slice(0, -1));
    tf.tidy(() => {
      weight.write(tf.tensor(symmetric(`weight ${at}`, tf.util.sizeFromShape(shape), 1 / Math.sqrt(fanIn)), shape));
    });
  });
}
