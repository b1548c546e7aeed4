import { above0, anything, checkOptions, listOf, required, text, whole } from "../options";
import { type layers, type serialization, type Shape, type Tensor, tf, type Variable } from "../tensorflow";

type Layer = layers.Layer;
type LayerVariable = Layer["weights"][number];

/** Options of {@link groupNormalization}. */
export interface GroupNormalizationOptions {
  /** Into how many groups the last axis is divided; 1 is layer normalization over the whole sample. */
  readonly groups: number;
  /** Added to the variance before the square root. Default: 1e-5. */
  readonly epsilon?: number;
  /** Name of the layer. Default: one that tfjs makes up. */
  readonly name?: string;
  /** Shape of one sample, where this is a model's first layer. Default: none. */
  readonly inputShape?: number[];
}

/** What is saved; Keras's layer of that name has the same options, and ε 1e-3. */
interface Config {
  readonly groups: number;
  readonly epsilon?: number;
  readonly [option: string]: unknown;
}

/** How many channels a shape has, or a refusal. */
function channelsOf(shape: Shape, groups: number, layer: string): number {
  const channels = shape.at(-1);
  if (shape.length >= 2 && typeof channels === "number" && channels % groups === 0) return channels;
  throw new RangeError(
    `Expected the channels of ${layer}'s input to be a multiple of its ${groups} groups but found [${shape.join(", ")}]: give another number of groups`,
  );
}

export class GroupNormalization extends tf.layers.Layer {
  static readonly className = "GroupNormalization";
  readonly #groups: number;
  readonly #epsilon: number;
  #gamma!: LayerVariable;
  #beta!: LayerVariable;

  constructor(config: Config) {
    super(config as ConstructorParameters<typeof tf.layers.Layer>[0]);
    this.#groups = config.groups;
    this.#epsilon = config.epsilon ?? 1e-5;
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;
    const channels = channelsOf(shape, this.#groups, this.name);
    this.#gamma = this.addWeight("gamma", [channels], "float32", tf.initializers.ones());
    this.#beta = this.addWeight("beta", [channels], "float32", tf.initializers.zeros());
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return inputShape;
  }

  override call(...[inputs]: Parameters<Layer["call"]>): Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    return tf.tidy(() => {
      const channels = x.shape.at(-1)!;
      const positions = tf.util.sizeFromShape(x.shape.slice(1, -1));
      const grouped = tf.reshape(x, [x.shape[0]!, positions, this.#groups, channels / this.#groups]);
      const { mean, variance } = tf.moments(grouped, [1, 3], true);
      const normal = tf.mul(tf.sub(grouped, mean), tf.rsqrt(tf.add(variance, this.#epsilon)));
      const [gamma, beta] = [this.#gamma, this.#beta].map((weight) => weight.read() as Variable);
      return tf.add(tf.mul(tf.reshape(normal, x.shape), gamma!), beta!);
    });
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), groups: this.#groups, epsilon: this.#epsilon };
  }
}

/**
 * Group normalization as PyTorch's `nn.GroupNorm`: of each sample the channels of a group, over all positions, are brought to mean 0
 * and variance 1; then each channel has its own scale and offset. It is the same in training and evaluation.
 *
 * One group is layer normalization of images as Wu and He have it (`nn.GroupNorm(1, channels)`); as many groups as channels
 * is instance normalization. Input [batch, …, channels]. A model that has it is loaded wherever gradamp was imported; stock tfjs
 * has no such layer. Source: Wu and He 2018.
 *
 * @param options groups, and what any layer takes
 * @throws {RangeError} if groups is no integer from 1, epsilon is not above 0, or where the groups don't divide the channels
 * @example
 * import * as ga from "gradamp";
 * const { tf } = ga;
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.conv2d({ filters: 8, kernelSize: 3, inputShape: [32, 32, 3] }),
 *     ga.groupNormalization({ groups: 4, name: "norm" }),
 *     tf.layers.reLU(),
 *   ],
 * });
 */
export function groupNormalization(options: GroupNormalizationOptions): Layer {
  checkOptions("groupNormalization", options, {
    groups: required(whole(1)),
    epsilon: above0,
    name: text,
    inputShape: listOf(anything, "a shape"),
  });
  return new GroupNormalization({ ...options });
}
