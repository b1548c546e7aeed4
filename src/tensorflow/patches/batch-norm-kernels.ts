import type { Tensor } from "@tensorflow/tfjs";
import { tf } from "../loaded-tf";
import { isRecordingGradients } from "../is-recording-gradients";
import { attribute, rawOp } from "../raw-op";
import { addKernel, type Patch } from "./patch";

/** gradamp's own op, on the CPU. */
export const OWN_BATCH_NORM = "GradampBatchNorm";
/** TensorFlow's. */
export const STOCK_BATCH_NORM = "FusedBatchNormV3";

const FLOAT = { T: attribute.type("float32") };

/** Which outputs the gradients need: those about the batch. */
const STATISTICS = [false, false, false, true, true, true];

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

/** The gradients of input, scale and offset by ops that tfjs can differentiate once more. */
function composedGradients(dy: Tensor, x: Tensor, gamma: Tensor, epsilon: number): Tensor[] {
  const axes = x.shape.slice(1).map((_, axis) => axis);
  const centred = tf.sub(x, tf.mean(x, axes, true));
  const inverseDeviation = tf.rsqrt(tf.add(tf.mean(tf.square(centred), axes, true), epsilon));
  const normalised = tf.mul(centred, inverseDeviation);
  const [dbeta, dgamma] = [tf.sum(dy, axes), tf.sum(tf.mul(dy, normalised), axes)];
  const count = x.size / x.shape.at(-1)!;
  const shared = tf.div(tf.add(dbeta, tf.mul(normalised, dgamma)), count);
  return [tf.mul(tf.mul(gamma, inverseDeviation), tf.sub(dy, shared)), dgamma, dbeta];
}

function registerOwn(): void {
  addKernel(
    OWN_BATCH_NORM,
    ({ inputs, attrs }) => {
      const { epsilon, factor } = attrs as unknown as Attributes;
      const own = { epsilon: attribute.float(epsilon), exponential_avg_factor: attribute.float(factor) };
      return rawOp(OWN_BATCH_NORM, { ...FLOAT, ...own }, inputsOf(inputs), 5);
    },
    {
      inputsToSave: ["x", "gamma", "beta"],
      outputsToSave: STATISTICS,
      gradFunc: (dy, saved, attrs) => {
        const [x, gamma, beta, mean, inverseDeviation] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor];
        const { epsilon } = attrs as unknown as Attributes;
        if (isRecordingGradients()) return gradients(composedGradients((dy as Tensor[])[0]!, x, gamma, epsilon), gamma);
        const inputs = [(dy as Tensor[])[0]!, x, gamma, mean, inverseDeviation, gamma, beta];
        return gradients(rawOp(`${OWN_BATCH_NORM}Grad`, FLOAT, inputs, 3), gamma);
      },
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
  addKernel(
    STOCK_BATCH_NORM,
    ({ inputs, attrs }) => {
      const { epsilon, factor } = attrs as unknown as Attributes;
      const exponential_avg_factor = attribute.float(factor);
      return rawOp(STOCK_BATCH_NORM, { ...attributes(epsilon), exponential_avg_factor }, inputsOf(inputs), 6);
    },
    {
      inputsToSave: ["x", "gamma"],
      outputsToSave: STATISTICS,
      gradFunc: (dy, saved, attrs) => {
        const [x, gamma, ...reserved] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor];
        const { epsilon } = attrs as unknown as Attributes;
        if (isRecordingGradients()) return gradients(composedGradients((dy as Tensor[])[0]!, x, gamma, epsilon), gamma);
        const inputs = [(dy as Tensor[])[0]!, x, gamma, ...reserved];
        return gradients(rawOp("FusedBatchNormGradV3", attributes(epsilon), inputs, 5), gamma);
      },
    },
  );
}

export const batchNormKernels: Patch = {
  name: "batch-norm-kernels",
  changes: `kernels and gradients ${OWN_BATCH_NORM} and ${STOCK_BATCH_NORM}, added`,
  reason: "tfjs has no kernel for a training step of batch normalization",
  writtenFor: "tfjs-node 4.22, TensorFlow 2.21",
  install() {
    registerOwn();
    registerStock();
  },
};
