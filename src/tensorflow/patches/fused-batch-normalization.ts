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

/** The order of axes that puts the normalised one last, and the one that puts it back. */
function axisLast(axis: number, rank: number): { there: number[]; back: number[] } {
  const there = [...Array.from({ length: rank }, (_, at) => at).filter((at) => at !== axis), axis];
  return { there, back: there.map((_, at) => there.indexOf(at)) };
}

const axisOf = (layer: StockBatchNormalization, x: Tensor) => (layer.axis < 0 ? layer.axis + x.rank : layer.axis);

/**
 * One training step of a batch normalization layer with the fused kernels: writes the running statistics, returns the
 * normalised batch.
 */
export function trainStep(layer: StockBatchNormalization, input: Tensor, unbiased: boolean): Tensor {
  const axis = axisOf(layer, input);
  if (axis === input.rank - 1) return trainLastAxis(layer, input, unbiased);
  const { there, back } = axisLast(axis, input.rank);
  return tf.tidy(() => tf.transpose(trainLastAxis(layer, tf.transpose(input, there), unbiased), back));
}

function trainLastAxis(layer: StockBatchNormalization, x: Tensor, unbiased: boolean): Tensor {
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

/** Whether stock tfjs dies of a layer's training step or of its gradient. */
const isBeyondStock = (layer: StockBatchNormalization, x: Tensor): boolean =>
  !layer.gamma || !layer.beta || axisOf(layer, x) !== x.rank - 1;

/**
 * Gives every `tf.layers.batchNormalization`, also a user's own, the fused kernels in training on the native backend; on
 * others, where tfjs's implementation works, that is kept.
 *
 * The numbers are stock tfjs's, its biased running variance included.
 */
export const fusedBatchNormalization: Patch = {
  name,
  changes: "method `call` of `tf.layers.batchNormalization`'s class, in training",
  reason:
    "tfjs composes a training step of some fifty ops, and dies without scale, without center and of another axis than " +
    "the last; one op forward, one backward",
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
          const isOurs =
            kwargs["training"] &&
            x !== undefined &&
            x.rank >= 2 &&
            (nativeBackend() !== null || isBeyondStock(this, x));
          return isOurs ? trainStep(this, x, false) : stock.call(this, inputs, kwargs);
        },
    );
  },
};
