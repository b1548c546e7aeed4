import type { FilledLoss, LossName } from "../../spec";
import { type LayersModel, type Tensor, tf } from "../../tensorflow";
import { modelEnding } from "../model-ending";
import { crossEntropy } from "./cross-entropy";
import type { OutputLoss } from "./output-loss";

/** What errors call the losses. */
export const LOSS_WORDS: Readonly<Record<LossName, string>> = {
  crossEntropy: "cross-entropy",
  focal: "the focal loss",
  binaryCrossEntropy: "binary cross-entropy",
  mse: "the mean squared error",
  mae: "the mean absolute error",
  huber: "the Huber loss",
};

/** Away from 0 as tfjs does. */
const SMALLEST = 1e-7;
/** Less than float32's rounding leaves of any probability but 1. */
const LEAST_MISSING = 1e-12;

/** A loss by name on what one of a model's outputs is. */
export function namedLoss(model: LayersModel, loss: FilledLoss, output: number): OutputLoss {
  const what = LOSS_WORDS[loss.name];
  switch (loss.name) {
    case "crossEntropy":
      return crossEntropy(model, output, loss.labelSmoothing);
    case "focal": {
      const { values, hits } = crossEntropy(model, output);
      const { gamma } = loss;
      const weigh = (cost: Tensor) => (gamma === 0 ? cost : tf.mul(tf.pow(missing(cost), gamma), cost));
      return { what, values: (prediction, target) => weigh(values(prediction, target)), hits };
    }
    case "binaryCrossEntropy": {
      const { kind } = modelEnding(model, output);
      const isLogits = kind === "logits" || kind === "unknown";
      const { labelSmoothing: share } = loss;
      const softened = (target: Tensor) => (share === 0 ? target : tf.add(tf.mul(target, 1 - share), share / 2));
      const cost = isLogits ? ofLogits : ofProbabilities;
      const half = isLogits ? 0 : 0.5;
      return {
        ...ofNumbers(what, (prediction, target) => cost(prediction, softened(target))),
        hits: (prediction, target) =>
          overOutputs(tf.cast(tf.equal(tf.greater(prediction, half), tf.greater(alike(target, prediction), 0.5)), "float32")), // prettier-ignore
      };
    }
    case "mse":
      return ofNumbers(what, (prediction, target) => tf.square(tf.sub(prediction, target)));
    case "mae":
      return ofNumbers(what, (prediction, target) => tf.abs(tf.sub(prediction, target)));
    case "huber":
      return ofNumbers(what, (prediction, target) => {
        const error = tf.abs(tf.sub(prediction, target));
        const near = tf.minimum(error, loss.delta);
        return tf.add(tf.mul(tf.square(near), 0.5), tf.mul(tf.sub(error, near), loss.delta));
      });
  }
}

/** What is missing to certainty, 1 − exp(−cost). A power below 1 has no slope at 0, where a cost of 0 would give NaN. */
const missing = (cost: Tensor): Tensor => tf.maximum(tf.neg(tf.expm1(tf.neg(cost))), LEAST_MISSING);

/** A loss of each number that a model puts out, of which the mean over the last axis is taken, as Keras does. */
const ofNumbers = (what: string, cost: (prediction: Tensor, target: Tensor) => Tensor): OutputLoss => ({
  what,
  values: (prediction, target) => overOutputs(cost(prediction, alike(target, prediction))),
  hits: null,
});

const overOutputs = (values: Tensor): Tensor => (values.rank > 1 ? tf.mean(values, -1) : values);

/** Targets in the shape of the output: `[batch]` beside `[batch, 1]` would be spread out to `[batch, batch]`. */
const alike = (target: Tensor, { shape }: Tensor): Tensor => tf.cast(tf.reshape(target, shape), "float32");

/** `max(x, 0) − x·t + log(1 + exp(−|x|))`. */
function ofLogits(x: Tensor, target: Tensor): Tensor {
  return tf.add(tf.sub(tf.relu(x), tf.mul(x, target)), tf.log1p(tf.exp(tf.neg(tf.abs(x)))));
}

function ofProbabilities(p: Tensor, target: Tensor): Tensor {
  const log = (x: Tensor) => tf.log(tf.clipByValue(x, SMALLEST, 1));
  return tf.neg(tf.add(tf.mul(target, log(p)), tf.mul(tf.sub(1, target), log(tf.sub(1, p)))));
}
