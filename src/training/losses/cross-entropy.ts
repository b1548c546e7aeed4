import { sparseSoftmaxCrossEntropy } from "../../layers";
import { type LayersModel, type Tensor, type Tensor1D, type Tensor2D, tf } from "../../tensorflow";
import { modelEnding } from "../model-ending";
import type { OutputLoss } from "./output-loss";

/** −log of the probability given to each sample's class, `[batch]`; probabilities are kept away from 0 as tfjs does. */
function negativeLogProbability(probabilities: Tensor2D, labels: Tensor1D): Tensor1D {
  const chosen = tf.sum(tf.mul(probabilities, tf.oneHot(labels, probabilities.shape[1]!)), 1);
  return tf.neg(tf.log(tf.clipByValue(chosen, 1e-7, 1))) as Tensor1D;
}

/** Numbers that need not sum to 1, divided by their sum, as Keras does. */
const shares = (numbers: Tensor2D): Tensor2D => tf.div(numbers, tf.maximum(tf.sum(numbers, 1, true), 1e-7));
const logProbabilities = (probabilities: Tensor2D): Tensor2D => tf.log(tf.clipByValue(probabilities, 1e-7, 1));

const OF_LABELS = {
  logits: sparseSoftmaxCrossEntropy,
  unknown: sparseSoftmaxCrossEntropy,
  softmax: negativeLogProbability,
  probabilities: (numbers: Tensor2D, labels: Tensor1D) => negativeLogProbability(shares(numbers), labels),
} as const;

const LOGARITHMS = {
  logits: (logits: Tensor2D) => tf.logSoftmax(logits),
  unknown: (logits: Tensor2D) => tf.logSoftmax(logits),
  softmax: logProbabilities,
  probabilities: (numbers: Tensor2D) => logProbabilities(shares(numbers)),
} as const;

/**
 * Cross-entropy on a model's logits, or on its probabilities, where it ends in a softmax or sigmoid, wherever that stands. Targets
 * are labels, one for each row of the output (of a sample, a step of a sequence, a pixel), or one-hot rows in the output's
 * shape, which may be any distributions.
 *
 * @param labelSmoothing how much of each target is spread evenly over all classes, as PyTorch's `label_smoothing`. Default: 0
 */
export function crossEntropy(model: LayersModel, output: number, labelSmoothing = 0): OutputLoss {
  const { kind } = modelEnding(model, output);
  const rows = (values: Tensor) => tf.reshape(values, [-1, values.shape.at(-1)!]) as Tensor2D;
  const labelsOf = (target: Tensor) => tf.cast(tf.reshape(target, [-1]), "int32") as Tensor1D;
  return {
    what: "cross-entropy",
    values(prediction, target) {
      const shape = prediction.shape.slice(0, -1);
      const smoothed = (own: Tensor): Tensor =>
        labelSmoothing === 0
          ? own
          : tf.sub(tf.mul(own, 1 - labelSmoothing), tf.mul(tf.reshape(tf.mean(LOGARITHMS[kind](rows(prediction)), 1), shape), labelSmoothing)); // prettier-ignore
      if (target.rank < prediction.rank) {
        if (prediction.rank === 2) return smoothed(OF_LABELS[kind](prediction as Tensor2D, target as Tensor1D));
        return smoothed(tf.reshape(OF_LABELS[kind](rows(prediction), labelsOf(target)), shape));
      }
      const logarithms = LOGARITHMS[kind](rows(prediction));
      return smoothed(tf.reshape(tf.neg(tf.sum(tf.mul(rows(target), logarithms), 1)), shape));
    },
    hits(prediction, target) {
      const chosen = tf.argMax(prediction, -1);
      const wanted = target.rank < prediction.rank ? tf.cast(target, "int32") : tf.argMax(target, -1);
      return tf.cast(tf.equal(chosen, wanted), "float32");
    },
  };
}
