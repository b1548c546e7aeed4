import { sparseSoftmaxCrossEntropy } from "../layers";
import { prefixed } from "../models/name-failure";
import { type CustomLoss, type Loss, TRAINING } from "../spec";
import { type LayersModel, type Scalar, type Tensor, type Tensor1D, type Tensor2D, tf } from "../tensorflow";
import { modelEnding } from "./model-ending";

/** A batch's loss, and how many of its samples are classified rightly where that has a meaning. */
export interface LossValue {
  /** Mean over the batch. */
  readonly loss: Scalar;
  readonly correct: Scalar | null;
}

export interface LossFunction {
  (prediction: Tensor | Tensor[], target: Tensor): LossValue;
  /** As errors name it. Default: "the loss" */
  readonly what?: string;
}

/** −log of the probability given to each sample's class, `[batch]`; probabilities are kept away from 0 as tfjs does. */
function negativeLogProbability(probabilities: Tensor2D, labels: Tensor1D): Tensor1D {
  const chosen = tf.sum(tf.mul(probabilities, tf.oneHot(labels, probabilities.shape[1]!)), 1);
  return tf.neg(tf.log(tf.clipByValue(chosen, 1e-7, 1))) as Tensor1D;
}

/** The same for numbers that need not sum to 1: divided by their sum, as Keras does. */
function negativeLogShare(numbers: Tensor2D, labels: Tensor1D): Tensor1D {
  const sums = tf.maximum(tf.sum(numbers, 1, true), 1e-7);
  return negativeLogProbability(tf.div(numbers, sums), labels);
}

const PER_SAMPLE = {
  logits: sparseSoftmaxCrossEntropy,
  unknown: sparseSoftmaxCrossEntropy,
  softmax: negativeLogProbability,
  probabilities: negativeLogShare,
} as const;

/** What should be said of a loss on a model before it is used; null for nothing. */
export function lossWarning(model: LayersModel, loss: Loss): string | null {
  return loss === "crossEntropy" ? modelEnding(model).warning : null;
}

/** What errors call a loss of one's own. */
const nameOf = (loss: CustomLoss): string => (loss.name === "" || loss.name === "loss" ? "loss" : `loss ${loss.name}`);

function calledLoss(loss: CustomLoss, prediction: Tensor | Tensor[], target: Tensor): unknown {
  try {
    return loss(prediction, target);
  } catch (error) {
    throw prefixed(error, nameOf(loss).replace(/^l/, "L"));
  }
}

/** @throws {TypeError} if a loss of one's own returns no tensor */
function checkedLoss(loss: CustomLoss, prediction: Tensor | Tensor[], target: Tensor): Scalar {
  const found = calledLoss(loss, prediction, target);
  const name = nameOf(loss);
  if (found instanceof Promise) {
    // Nobody awaits it, and what it fails of is not the point.
    found.catch(() => undefined);
    throw new TypeError(
      `Expected ${name} to return a tensor but found a Promise: write it without async and await; values are read after training`,
    );
  }
  if (!(found instanceof tf.Tensor))
    throw new TypeError(
      `Expected ${name} to return a tensor but found ${typeof found === "number" ? `the number ${found}` : String(found)}: ` +
        "compute it with tensor operations, (prediction, target) => prediction.sub(target).square().mean()",
    );
  return (found.rank === 0 ? found : tf.mean(found)) as Scalar;
}

/**
 * The loss function of a model: cross-entropy on its logits (or on its probabilities, where it ends in a softmax or
 * sigmoid, wherever that stands), or the caller's own.
 *
 * @throws {TypeError} if cross-entropy meets a model with several outputs or an output that is not [batch, classes]
 */
export function lossFunction(model: LayersModel, given: Loss): LossFunction {
  const loss = TRAINING.loss.kind.read(given, "loss");
  if (typeof loss === "function") {
    const call: LossFunction = (prediction, target) => ({ loss: checkedLoss(loss, prediction, target), correct: null });
    return Object.assign(call, { what: nameOf(loss) });
  }
  const [shape] = model.outputs.map((output) => output.shape);
  if (model.outputs.length !== 1 || shape!.length !== 2) {
    throw new TypeError(
      `Expected a model with one output of shape [batch, classes] for cross-entropy but found ` +
        `${model.outputs.map((output) => JSON.stringify(output.shape)).join(" and ")}: pass { loss: (prediction, target) => … }`,
    );
  }
  const perSample = PER_SAMPLE[modelEnding(model).kind];
  return (prediction, target) => {
    const output = prediction as Tensor2D;
    const labels = target as Tensor1D;
    return {
      loss: tf.mean(perSample(output, labels)),
      correct: tf.sum(tf.cast(tf.equal(tf.argMax(output, 1), labels), "float32")),
    };
  };
}
