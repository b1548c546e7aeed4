import { attribute, nativeBackend, rawOp, type Tensor, type Tensor1D, type Tensor4D, tf } from "../tensorflow";

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

const KERNEL = "FusedBatchNormV3";

/** Makes FusedBatchNormV3 a tfjs kernel of the native backend, with its gradient. */
function registerFusedKernel(): void {
  if (tf.getKernel(KERNEL, "tensorflow")) return;
  const attributes = (epsilon: number) => ({
    T: attribute.type("float32"),
    U: attribute.type("float32"),
    epsilon: attribute.float(epsilon),
    data_format: attribute.string("NHWC"),
    is_training: attribute.bool(true),
  });
  tf.registerKernel({
    kernelName: KERNEL,
    backendName: "tensorflow",
    kernelFunc: ({ inputs, attrs }) => {
      const { x, gamma, beta, runningMean, runningVariance } = inputs as Record<string, Tensor>;
      const { epsilon, factor } = attrs as unknown as { epsilon: number; factor: number };
      return rawOp(
        KERNEL,
        { ...attributes(epsilon), exponential_avg_factor: attribute.float(factor) },
        [x!, gamma!, beta!, runningMean!, runningVariance!],
        6,
      );
    },
  });
  tf.registerGradient({
    kernelName: KERNEL,
    inputsToSave: ["x", "gamma"],
    // The three reserve spaces: what the gradient needs of the batch's statistics.
    outputsToSave: [false, false, false, true, true, true],
    gradFunc: (dy, saved, attrs) => {
      const [x, gamma, ...reserved] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor];
      const { epsilon } = attrs as unknown as { epsilon: number };
      const [dx, dgamma, dbeta] = rawOp(
        "FusedBatchNormGradV3",
        attributes(epsilon),
        [(dy as Tensor[])[0]!, x, gamma, ...reserved],
        5,
      );
      return {
        x: () => dx!,
        gamma: () => dgamma!,
        beta: () => dbeta!,
        runningMean: () => tf.zerosLike(gamma),
        runningVariance: () => tf.zerosLike(gamma),
      };
    },
  });
}

/**
 * Batch normalization of a training batch over all axes but the last, and the running statistics after it.
 *
 * On the native backend one FusedBatchNormV3 forward and one FusedBatchNormGradV3 backward, where tfjs composes both of some
 * fifty ops; elsewhere composed of tfjs's own. The running
 * statistics carry no gradient.
 *
 * @param x - float32 [batch, …, channels]
 */
export function batchNormTraining(x: Tensor, options: BatchNormTrainingOptions): BatchNormTrainingResult {
  return nativeBackend() ? fused(x, options) : composed(x, options);
}

function fused(x: Tensor, options: BatchNormTrainingOptions): BatchNormTrainingResult {
  registerFusedKernel();
  const { gamma, beta, runningMean, runningVariance, epsilon, keep, unbiased } = options;
  const channels = x.shape.at(-1)!;
  const count = x.size / channels;
  const factor = 1 - keep;
  const images = x.rank === 4 ? x : x.reshape([count, 1, 1, channels]);
  const [y, mean, variance] = tf
    .engine()
    .runKernel(KERNEL, { x: images, gamma, beta, runningMean, runningVariance }, { epsilon, factor }) as Tensor[];
  return {
    output: x.rank === 4 ? y! : y!.reshape(x.shape),
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
