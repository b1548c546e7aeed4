import { checkOptions, integer, orNull, required, whole } from "../options";
import { type initializers, tf } from "../tensorflow";

type Initializer = ReturnType<typeof initializers.randomUniform>;

/** Options of {@link torchUniform}. */
export interface TorchUniformOptions {
  /**
   * Numbers that flow into one output: kernel height × kernel width × input channels, or the inputs of a dense layer.
   */
  readonly fanIn: number;
  /** Any integer but 0 (which tfjs takes for "unseeded"); null draws anew each time. Default: null. */
  readonly seed?: number | null;
}

/**
 * PyTorch's default initialiser of convolutions and linear layers: uniform on ±1/√fanIn, for weights and biases alike.
 *
 * A plain `RandomUniform` of tfjs, so a model that uses it is saved and loaded by stock tfjs. For a bias give the
 * fan-in of its layer's kernel. Source: `torch.nn.Conv2d.reset_parameters` (kaiming_uniform with a = √5).
 *
 * @param options fan-in and seed
 * @throws {RangeError} if fanIn is no positive number or the seed is 0
 * @example
 * import * as ga from "gradamp";
 * const { tf } = ga;
 * const layer = tf.layers.dense({
 *   units: 10,
 *   inputShape: [64],
 *   kernelInitializer: ga.torchUniform({ fanIn: 64, seed: 1 }),
 *   biasInitializer: ga.torchUniform({ fanIn: 64, seed: 2 }),
 * });
 */
export function torchUniform(options: TorchUniformOptions): Initializer {
  checkOptions("torchUniform", options, { fanIn: required(whole(1)), seed: orNull(integer) });
  const { fanIn, seed = null } = options;
  if (!(fanIn > 0 && Number.isFinite(fanIn)))
    throw new RangeError(`Expected fanIn to be a positive number but found ${fanIn}`);
  if (seed !== null && (!Number.isInteger(seed) || seed === 0))
    throw new RangeError(`Expected seed to be an integer other than 0, or null, but found ${seed}`);
  const bound = 1 / Math.sqrt(fanIn);
  return tf.initializers.randomUniform({ minval: -bound, maxval: bound, ...(seed === null ? {} : { seed }) });
}
