import type { Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs";
import { hasOwnBatchNorm } from "./graph-binding";
import { tf } from "./loaded-tf";
import { OWN_BATCH_NORM, STOCK_BATCH_NORM } from "./patches/batch-norm-kernels";
import { nativeBackend } from "./raw-op";

/** What {@link batchNormTraining} needs beside its input. */
export interface BatchNormTrainingOptions {
  /** Scale of each channel, [channels]. */
  readonly gamma: Tensor1D;
  /** Offset of each channel, [channels]. */
  readonly beta: Tensor1D;
  /** Running mean before this batch, [channels]. */
  readonly runningMean: Tensor1D;
  /** Running variance before this batch, [channels]. */
  readonly runningVariance: Tensor1D;
  /** Added to the variance. */
  readonly epsilon: number;
  /** Share of the running statistics that is kept, 0 to 1. */
  readonly keep: number;
  /** Whether the running variance takes the batch's unbiased variance (PyTorch) or its biased one (Keras). */
  readonly unbiased: boolean;
}

/** A normalised batch and the running statistics after it. */
export interface BatchNormTrainingResult {
  readonly output: Tensor;
  readonly runningMean: Tensor1D;
  readonly runningVariance: Tensor1D;
}

/**
 * Batch normalization of a training batch over all axes but the last, and the running statistics after it.
 *
 * On the native backend one op forward and one backward, where tfjs composes both of some fifty: gradamp's own on the CPU,
 * into which a graph takes the activation behind it, and FusedBatchNormV3 on a card or with an addon that lacks it.
 * Elsewhere composed of tfjs's own. The running statistics carry no gradient.
 *
 * @param x - float32 [batch, …, channels]
 */
export function batchNormTraining(x: Tensor, options: BatchNormTrainingOptions): BatchNormTrainingResult {
  return nativeBackend() ? fused(x, options) : composed(x, options);
}

function fused(x: Tensor, options: BatchNormTrainingOptions): BatchNormTrainingResult {
  const own = hasOwnBatchNorm();
  const { gamma, beta, runningMean, runningVariance, epsilon, keep, unbiased } = options;
  const channels = x.shape.at(-1)!;
  const count = x.size / channels;
  const factor = 1 - keep;
  const images = own || x.rank === 4 ? x : x.reshape([count, 1, 1, channels]);
  const inputs = { x: images, gamma, beta, runningMean, runningVariance };
  const results = tf
    .engine()
    .runKernel(own ? OWN_BATCH_NORM : STOCK_BATCH_NORM, inputs, { epsilon, factor }) as Tensor[];
  const [y, mean, variance] = results;
  return {
    output: y!.shape.length === x.rank ? y! : y!.reshape(x.shape),
    runningMean: mean as Tensor1D,
    // The op blends in the unbiased variance u; the biased one is u (count − 1) / count.
    runningVariance: unbiased
      ? (variance as Tensor1D)
      : tf.add(tf.mul(variance!, (count - 1) / count), tf.mul(runningVariance, keep / count)),
  };
}

function composed(x: Tensor, options: BatchNormTrainingOptions): BatchNormTrainingResult {
  const { gamma, beta, runningMean, runningVariance, epsilon, keep, unbiased } = options;
  const channels = x.shape.at(-1)!;
  const count = x.size / channels;
  const images = x.reshape([count, 1, 1, channels]) as Tensor4D;
  const { mean, variance } = tf.moments(images, [0, 1, 2]);
  const y = tf.batchNorm(images, mean as Tensor1D, variance as Tensor1D, beta, gamma, epsilon);
  const seen = unbiased ? tf.mul(variance, count / Math.max(1, count - 1)) : variance;
  const blend = (old: Tensor1D, now: Tensor): Tensor1D => tf.add(tf.mul(old, keep), tf.mul(now, 1 - keep));
  return {
    output: y.reshape(x.shape),
    runningMean: blend(runningMean, mean),
    runningVariance: blend(runningVariance, seen),
  };
}
