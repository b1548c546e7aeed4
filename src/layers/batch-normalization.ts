import { anything, checkOptions, listOf, number, text } from "../options";
import { type layers, TorchBatchNormalization } from "../tensorflow";

type Layer = layers.Layer;

/** Options of {@link batchNormalization}. */
export interface BatchNormalizationOptions {
  /** Name of the layer. Default: one that tfjs makes up. */
  readonly name?: string;
  /** Added to the variance before the square root. Default: 1e-5. */
  readonly epsilon?: number;
  /**
   * Share of the running statistics that a training batch leaves, from 0 to 1: 1 minus PyTorch's momentum. Default:
   * 0.9.
   */
  readonly keep?: number;
  /** Shape of one sample, where this is a model's first layer. Default: none. */
  readonly inputShape?: number[];
}

/**
 * Batch normalization of the last axis as PyTorch does it: ε 1e-5, running statistics that keep 0.9 at each training
 * batch, and a running variance that takes the batch's *unbiased* variance (tfjs's own layer: 1e-3, 0.99, biased).
 *
 * Uses TensorFlow's fused kernels on the native backend. Saves as tfjs's `BatchNormalization`, so that stock tfjs loads
 * the model and predicts the same; where gradamp loads it, PyTorch's convention holds on.
 *
 * @param options momentum, epsilon, and what any layer takes
 * @throws {RangeError} if epsilon is not positive or keep does not lie in [0, 1]
 * @example
 * import * as ga from "gradamp";
 * const { tf } = ga;
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.conv2d({ filters: 8, kernelSize: 3, useBias: false, inputShape: [32, 32, 3] }),
 *     ga.batchNormalization({ name: "norm" }),
 *     tf.layers.reLU(),
 *   ],
 * });
 */
export function batchNormalization(options: BatchNormalizationOptions = {}): Layer {
  checkOptions("batchNormalization", options, {
    name: text,
    epsilon: number("to be at least 0", (found) => found >= 0),
    keep: number("to lie in [0, 1)", (found) => found >= 0 && found < 1),
    inputShape: listOf(anything, "a shape"),
  });
  const { epsilon = 1e-5, keep = 0.9, name, inputShape } = options;
  if (!(epsilon > 0)) throw new RangeError(`Expected epsilon to be greater than 0 but found ${epsilon}`);
  if (!(keep >= 0 && keep <= 1)) throw new RangeError(`Expected keep to lie in [0, 1] but found ${keep}`);
  return new TorchBatchNormalization({
    epsilon,
    momentum: keep,
    ...(name === undefined ? {} : { name }),
    ...(inputShape === undefined ? {} : { inputShape }),
  });
}

/** Whether a layer was made by {@link batchNormalization}. */
export function isTorchBatchNormalization(layer: Layer): boolean {
  return layer instanceof TorchBatchNormalization;
}
