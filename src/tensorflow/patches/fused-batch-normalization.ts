import type { layers, Tensor, Tensor1D } from "@tensorflow/tfjs";
import { batchNormTraining } from "../batch-norm-training";
import { tf } from "../loaded-tf";
import { nativeBackend } from "../raw-op";
import { type Patch, wrapMethod } from "./patch";

const name = "fused-batch-normalization";

interface LayerVariable {
  read(): Tensor;
  write(value: Tensor): void;
}

/** The members of tfjs's batch normalization layer that gradamp reads. */
export interface StockBatchNormalization extends layers.Layer {
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly gamma?: LayerVariable;
  readonly beta?: LayerVariable;
  readonly movingMean: LayerVariable;
  readonly movingVariance: LayerVariable;
}

export type BatchNormalizationConfig = NonNullable<Parameters<typeof layers.batchNormalization>[0]>;

interface StockClass {
  new (config: BatchNormalizationConfig): StockBatchNormalization;
  readonly prototype: StockBatchNormalization;
}

type Call = layers.Layer["call"];

/** tfjs's own class of batch normalization layers, which it registers but does not export. */
export const StockBatchNormalization = tf.serialization.SerializationMap.getMap().classNameMap[
  "BatchNormalization"
]![0] as unknown as StockClass;

/**
 * One training step of a batch normalization layer with the fused kernels: writes the running statistics, returns the
 * normalised batch. Null where the layer does not normalise its last axis.
 */
export function trainStep(layer: StockBatchNormalization, x: Tensor, unbiased: boolean): Tensor | null {
  if (layer.axis !== -1 && layer.axis !== x.rank - 1) return null;
  return tf.tidy(() => {
    const runningMean = layer.movingMean.read() as Tensor1D;
    const result = batchNormTraining(x, {
      // A stock layer without scale or center has no such weight, and in training stock tfjs dies of that.
      gamma: (layer.gamma?.read() ?? tf.onesLike(runningMean)) as Tensor1D,
      beta: (layer.beta?.read() ?? tf.zerosLike(runningMean)) as Tensor1D,
      runningMean,
      runningVariance: layer.movingVariance.read() as Tensor1D,
      epsilon: layer.epsilon,
      keep: layer.momentum,
      unbiased,
    });
    layer.movingMean.write(result.runningMean);
    layer.movingVariance.write(result.runningVariance);
    return result.output;
  });
}

/**
 * Gives every `tf.layers.batchNormalization`, also a user's own, the fused kernels in training on the native backend.
 *
 * The numbers are stock tfjs's, its biased running variance included. Layers that normalise another axis than the last
 * and other backends keep tfjs's implementation.
 */
export const fusedBatchNormalization: Patch = {
  name,
  changes: "method `call` of `tf.layers.batchNormalization`'s class, in training on TensorFlow",
  reason:
    "tfjs composes a training step of some fifty ops, and dies without scale or center; one op forward, one backward",
  writtenFor: "tfjs 4.22",
  install() {
    const prototype = StockBatchNormalization.prototype as unknown as { call: Call };
    wrapMethod(
      name,
      prototype,
      "call",
      (stock) =>
        function (this: StockBatchNormalization, inputs, kwargs) {
          const x = Array.isArray(inputs) ? inputs[0] : inputs;
          if (!kwargs["training"] || !nativeBackend() || x === undefined || x.rank < 2) {
            return stock.call(this, inputs, kwargs);
          }
          return trainStep(this, x, false) ?? stock.call(this, inputs, kwargs);
        },
    );
  },
};
