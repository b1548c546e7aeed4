import { availableMemory } from "node:process";
import {
  batchNormalization,
  deltaOrthogonal,
  deriveSeed,
  groupNormalization,
  orthogonal,
  torchUniform,
} from "../layers";
import { type ActivationName, type InitializerName, INITIALIZERS as NAMES, type NormName } from "../spec";
import { type LayersModel, type layers, type SymbolicTensor, tf } from "../tensorflow";

type Initializer = ReturnType<typeof torchUniform>;

/** Options of one convolution. */
export interface ConvOptions {
  readonly filters: number;
  /** Height and width of the kernel. Default: 3. */
  readonly kernelSize?: 1 | 3;
  /** Default: 1. */
  readonly stride?: 1 | 2;
  /** Default: false. */
  readonly bias?: boolean;
}

/**
 * Builds a functional model layer by layer. Every layer is given its name, so that the names are the same however often
 * a network is built in one process, and every weight its own seed, derived from the network's seed and that name.
 */
export class NetworkBuilder {
  readonly input: SymbolicTensor;
  readonly #seed: number;
  readonly #initializer: InitializerName;
  readonly #gain: number;
  #parameters = 0;

  /** @param options.gain of orthogonal kernels; by default √2, for ReLUs */
  constructor(options: { inputShape: readonly number[]; seed: number; initializer: InitializerName; gain?: number }) {
    const { inputShape, seed, initializer, gain = Math.SQRT2 } = options;
    if (!Number.isInteger(seed)) throw new RangeError(`Expected seed to be an integer but found ${seed}`);
    if (!NAMES.includes(initializer))
      throw new RangeError(`Expected initializer to be one of ${NAMES.join(", ")} but found ${String(initializer)}`);
    this.#seed = seed;
    this.#initializer = initializer;
    this.#gain = gain;
    this.input = tf.input({ shape: [...inputShape], name: "input" });
  }

  /**
   * Convolution that keeps the image's size, or halves it at stride 2. There the padding of PyTorch is a layer of its
   * own: TensorFlow's "same" would pad bottom and right only, and its backward kernels take no other explicit padding.
   */
  conv(name: string, x: SymbolicTensor, options: ConvOptions): SymbolicTensor {
    const { filters, kernelSize = 3, stride = 1, bias = false } = options;
    const padded =
      kernelSize === 3 && stride === 2
        ? this.apply(tf.layers.zeroPadding2d({ padding: [[1, 1], [1, 1]], name: `${name}_pad` }), x) // prettier-ignore
        : x;
    const fanIn = kernelSize * kernelSize * x.shape[3]!;
    this.#refuseTooLarge(name, fanIn * filters);
    return this.apply(
      tf.layers.conv2d({
        name,
        filters,
        kernelSize,
        strides: stride,
        padding: stride === 1 ? "same" : "valid",
        useBias: bias,
        ...this.#initializers(name, fanIn),
      }),
      padded,
    );
  }

  /** Linear layer with bias. */
  dense(name: string, x: SymbolicTensor, units: number): SymbolicTensor {
    this.#refuseTooLarge(name, x.shape[1]! * units);
    return this.apply(tf.layers.dense({ name, units, ...this.#initializers(name, x.shape[1]!) }), x);
  }

  batchNorm(name: string, x: SymbolicTensor): SymbolicTensor {
    return this.apply(batchNormalization({ name }), x);
  }

  /** Normalization of that kind; layer norm takes each sample whole, as PyTorch's GroupNorm of one group. */
  norm(norm: NormName, name: string, x: SymbolicTensor): SymbolicTensor {
    if (norm === "batch") return this.batchNorm(name, x);
    const channels = x.shape.at(-1)!;
    const groups = norm === "layer" ? 1 : [8, 4, 2, 1].find((each) => channels % each === 0)!;
    return this.apply(groupNormalization({ name, groups }), x);
  }

  dropout(name: string, x: SymbolicTensor, rate: number): SymbolicTensor {
    return this.apply(tf.layers.dropout({ name, rate, seed: deriveSeed(this.#seed, name) }), x);
  }

  relu(name: string, x: SymbolicTensor): SymbolicTensor {
    return this.apply(tf.layers.reLU({ name }), x);
  }

  /** Leaky ReLU with PyTorch's slope, 0.01 (tfjs: 0.3). */
  leakyRelu(name: string, x: SymbolicTensor): SymbolicTensor {
    return this.apply(tf.layers.leakyReLU({ alpha: 0.01, name }), x);
  }

  /** The activation of that name, each a layer of tfjs's own, which stock tfjs loads. */
  activation(activation: ActivationName, name: string, x: SymbolicTensor): SymbolicTensor {
    if (activation === "leakyRelu") return this.leakyRelu(name, x);
    if (activation === "elu") return this.apply(tf.layers.elu({ alpha: 1, name }), x);
    return this.apply(tf.layers.activation({ activation, name }), x);
  }

  add(name: string, ...terms: SymbolicTensor[]): SymbolicTensor {
    return tf.layers.add({ name }).apply(terms) as SymbolicTensor;
  }

  apply(layer: layers.Layer, x: SymbolicTensor): SymbolicTensor {
    return layer.apply(x) as SymbolicTensor;
  }

  model(name: string, output: SymbolicTensor): LayersModel {
    return tf.model({ name, inputs: this.input, outputs: output });
  }

  /** Before a weight is made that does not fit: a process that runs out of memory ends without a word. */
  #refuseTooLarge(layer: string, weights: number): void {
    this.#parameters += weights;
    const bytes = 4 * this.#parameters;
    const free = availableMemory();
    if (weights < 2 ** 31 && bytes <= free) return;
    throw new RangeError(
      `Expected the network to fit into memory but found ${Number(this.#parameters.toPrecision(3)).toLocaleString("en-US")} weights up to layer ${layer}, ` +
        `which take ${inGigabytes(bytes)} of which ${inGigabytes(free)} are free: choose a smaller width, or fewer classes`,
    );
  }

  #initializers(layer: string, fanIn: number): { kernelInitializer: Initializer; biasInitializer: Initializer } {
    const kernel = deriveSeed(this.#seed, `${layer}/kernel`);
    if (this.#initializer === "torch") {
      const bias = deriveSeed(this.#seed, `${layer}/bias`);
      return {
        kernelInitializer: torchUniform({ fanIn, seed: kernel }),
        biasInitializer: torchUniform({ fanIn, seed: bias }),
      };
    }
    return { kernelInitializer: this.#kernelInitializer(this.#initializer, fanIn, kernel), biasInitializer: tf.initializers.zeros() }; // prettier-ignore
  }

  #kernelInitializer(name: Exclude<InitializerName, "torch">, fanIn: number, seed: number): Initializer {
    switch (name) {
      case "leCunNormal":
        // tfjs's own of that name cuts the normal off at two deviations and so leaves 0.77 of the variance.
        return tf.initializers.randomNormal({ mean: 0, stddev: 1 / Math.sqrt(fanIn), seed });
      case "orthogonal":
        return orthogonal({ gain: this.#gain, seed });
      case "deltaOrthogonal":
        return deltaOrthogonal({ gain: this.#gain, seed });
      default:
        return tf.initializers[name]({ seed });
    }
  }
}

const inGigabytes = (bytes: number) => `${Number((bytes / 1e9).toPrecision(3)).toLocaleString("en-US")} GB`;
