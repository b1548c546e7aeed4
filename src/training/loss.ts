import { sparseSoftmaxCrossEntropy } from "../layers";
import { type LayersModel, type Scalar, type Tensor, type Tensor1D, type Tensor2D, tf } from "../tensorflow";

/** A loss of one's own: a scalar, the mean over the batch. */
export type CustomLoss = (prediction: Tensor | Tensor[], target: Tensor) => Scalar;

/** `"crossEntropy"` takes whole-number classes as targets. */
export type Loss = "crossEntropy" | CustomLoss;

/** A batch's loss, and how many of its samples are classified rightly where that has a meaning. */
export interface LossValue {
  /** Mean over the batch. */
  readonly loss: Scalar;
  readonly correct: Scalar | null;
}

export type LossFunction = (prediction: Tensor | Tensor[], target: Tensor) => LossValue;

/** Whether the model's last layer already turns its outputs into probabilities. */
function endsInSoftmax(model: LayersModel): boolean {
  const last = (model.outputs[0] as { sourceLayer?: { getClassName(): string; getConfig(): Record<string, unknown> } })
    .sourceLayer;
  return last !== undefined && (last.getClassName() === "Softmax" || last.getConfig()["activation"] === "softmax");
}

/** −log of the probability given to each sample's class, `[batch]`; probabilities are kept away from 0 as tfjs does. */
function negativeLogProbability(probabilities: Tensor2D, labels: Tensor1D): Tensor1D {
  const chosen = tf.sum(tf.mul(probabilities, tf.oneHot(labels, probabilities.shape[1]!)), 1);
  return tf.neg(tf.log(tf.clipByValue(chosen, 1e-7, 1))) as Tensor1D;
}

/**
 * The loss function of a model: cross-entropy on its logits (or on its probabilities, where its last layer is a
 * softmax), or the caller's own.
 *
 * @throws {TypeError} if cross-entropy meets a model with several outputs or an output that is not [batch, classes]
 */
export function lossFunction(model: LayersModel, loss: Loss): LossFunction {
  if (typeof loss === "function") {
    return (prediction, target) => ({ loss: loss(prediction, target), correct: null });
  }
  if (loss !== "crossEntropy") {
    throw new TypeError(`Expected loss to be "crossEntropy" or a function but found ${JSON.stringify(loss)}`);
  }
  const [shape] = model.outputs.map((output) => output.shape);
  if (model.outputs.length !== 1 || shape!.length !== 2) {
    throw new TypeError(
      `Expected a model with one output of shape [batch, classes] for cross-entropy but found ` +
        `${model.outputs.map((output) => JSON.stringify(output.shape)).join(" and ")}: pass { loss: (prediction, target) => … }`,
    );
  }
  const perSample = endsInSoftmax(model) ? negativeLogProbability : sparseSoftmaxCrossEntropy;
  return (prediction, target) => {
    const output = prediction as Tensor2D;
    const labels = target as Tensor1D;
    return {
      loss: tf.mean(perSample(output, labels)),
      correct: tf.sum(tf.cast(tf.equal(tf.argMax(output, 1), labels), "float32")),
    };
  };
}
