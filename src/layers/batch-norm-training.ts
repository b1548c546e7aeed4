import {
  attribute,
  hasOwnBatchNorm,
  nativeBackend,
  rawOp,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tf,
} from "../tensorflow";

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

/** gradamp's own op, on the CPU, and TensorFlow's. */
const OWN = "GradampBatchNorm";
const STOCK = "FusedBatchNormV3";

const FLOAT = { T: attribute.type("float32") };

type Kernel = Parameters<typeof tf.registerKernel>[0]["kernelFunc"];
type Gradient = Parameters<typeof tf.registerGradient>[0]["gradFunc"];

/** Makes a batch norm op a tfjs kernel of the native backend, with its gradient. */
function register(kernelName: string, kernelFunc: Kernel, saved: readonly string[], gradFunc: Gradient): void {
  if (tf.getKernel(kernelName, "tensorflow")) return;
  tf.registerKernel({ kernelName, backendName: "tensorflow", kernelFunc });
  tf.registerGradient({
    kernelName,
    inputsToSave: [...saved],
    // What the gradient needs of the batch's statistics.
    outputsToSave: [false, false, false, true, true, true],
    gradFunc,
  });
}

interface Attributes {
  readonly epsilon: number;
  readonly factor: number;
}

const inputsOf = (inputs: object) => {
  const { x, gamma, beta, runningMean, runningVariance } = inputs as Record<string, Tensor>;
  return [x!, gamma!, beta!, runningMean!, runningVariance!];
};

function gradients([dx, dgamma, dbeta]: readonly Tensor[], gamma: Tensor) {
  return {
    x: () => dx!,
    gamma: () => dgamma!,
    beta: () => dbeta!,
    runningMean: () => tf.zerosLike(gamma),
    runningVariance: () => tf.zerosLike(gamma),
  };
}

function registerOwn(): void {
  register(
    OWN,
    ({ inputs, attrs }) => {
      const { epsilon, factor } = attrs as unknown as Attributes;
      const own = { epsilon: attribute.float(epsilon), exponential_avg_factor: attribute.float(factor) };
      return rawOp(OWN, { ...FLOAT, ...own }, inputsOf(inputs), 5);
    },
    ["x", "gamma", "beta"],
    (dy, saved) => {
      const [x, gamma, beta, mean, inverseDeviation] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor];
      const inputs = [(dy as Tensor[])[0]!, x, gamma, mean, inverseDeviation, gamma, beta];
      return gradients(rawOp(`${OWN}Grad`, FLOAT, inputs, 3), gamma);
    },
  );
}

function registerStock(): void {
  const attributes = (epsilon: number) => ({
    ...FLOAT,
    U: attribute.type("float32"),
    epsilon: attribute.float(epsilon),
    data_format: attribute.string("NHWC"),
    is_training: attribute.bool(true),
  });
  register(
    STOCK,
    ({ inputs, attrs }) => {
      const { epsilon, factor } = attrs as unknown as Attributes;
      const exponential_avg_factor = attribute.float(factor);
      return rawOp(STOCK, { ...attributes(epsilon), exponential_avg_factor }, inputsOf(inputs), 6);
    },
    ["x", "gamma"],
    (dy, saved, attrs) => {
      const [x, gamma, ...reserved] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor];
      const { epsilon } = attrs as unknown as Attributes;
      const inputs = [(dy as Tensor[])[0]!, x, gamma, ...reserved];
      return gradients(rawOp("FusedBatchNormGradV3", attributes(epsilon), inputs, 5), gamma);
    },
  );
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
  if (own) registerOwn();
  else registerStock();
  const { gamma, beta, runningMean, runningVariance, epsilon, keep, unbiased } = options;
  const channels = x.shape.at(-1)!;
  const count = x.size / channels;
  const factor = 1 - keep;
  const images = own || x.rank === 4 ? x : x.reshape([count, 1, 1, channels]);
  const inputs = { x: images, gamma, beta, runningMean, runningVariance };
  const results = tf.engine().runKernel(own ? OWN : STOCK, inputs, { epsilon, factor }) as Tensor[];
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
