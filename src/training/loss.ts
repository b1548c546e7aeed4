import { prefixed } from "../models/name-failure";
import { type CustomLoss, filledLoss, isOfClasses, type Loss, type LossGiven, TRAINING } from "../spec";
import { type LayersModel, type Scalar, type Tensor, tf } from "../tensorflow";
import { lossesOf, weightsOf } from "./losses/losses-of-outputs";
import { namedLoss } from "./losses/named-loss";
import { countHits, weightedMean } from "./losses/weighted-mean";
import { modelEnding } from "./model-ending";

/** A batch's loss, and how many of its samples are classified rightly where that has a meaning. */
export interface LossValue {
  /** Mean over the batch. */
  readonly loss: Scalar;
  readonly correct: Scalar | null;
}

export interface LossFunction {
  /**
   * @param target a list for a model of several outputs
   * @param weights how much each sample, step or pixel counts; null for all alike
   */
  (prediction: Tensor | Tensor[], target: Tensor | Tensor[], weights?: Tensor | null): LossValue;
  /** As errors name it. Default: "the loss" */
  readonly what?: string;
}

/** What should be said of a loss on a model before it is used; null for nothing. */
export function lossWarning(model: LayersModel, loss: LossGiven): string | null {
  const losses = lossesOf(model, loss);
  if (typeof losses === "function") return null;
  const warnings = losses.map((loss, output) => (isOfClasses(loss) ? modelEnding(model, output).warning : null));
  return warnings.find((warning) => warning !== null) ?? null;
}

/** Whether a model's samples are classified, by whichever of its outputs, so that there is an accuracy. */
export function classifies(model: LayersModel, loss: LossGiven, classes: number | null = null): boolean {
  const losses = lossesOf(model, loss);
  if (typeof losses === "function") return givesClasses(model, classes);
  return losses.some((each) => (typeof each === "function" ? givesClasses(model, classes) : isClassified(each)));
}

/** Whether a loss by name tells which samples are classified rightly. */
const isClassified = (loss: Loss): boolean => isOfClasses(loss) || filledLoss(loss)?.name === "binaryCrossEntropy";

/** Whether a model's one output is a number for each class of the data's labels, of which the highest is its answer. */
function givesClasses(model: LayersModel, classes: number | null): boolean {
  const { shape } = model.outputs[0]!;
  return classes !== null && classes > 1 && model.outputs.length === 1 && shape.length === 2 && shape[1] === classes;
}

/** How many samples a model of one output classifies rightly, beside a loss of the caller's own. */
const hitsOfClasses = (prediction: Tensor | Tensor[], target: Tensor | Tensor[]): Scalar | null => {
  const [found, wanted] = [[prediction].flat()[0]!, [target].flat()[0]!];
  if (wanted.rank !== 1) return tf.sum(tf.cast(tf.equal(tf.argMax(found, -1), tf.argMax(wanted, -1)), "float32"));
  return tf.sum(tf.cast(tf.equal(tf.argMax(found, -1), tf.cast(wanted, "int32")), "float32"));
};

/** What errors call a loss of one's own. */
const nameOf = (loss: CustomLoss): string => (loss.name === "" || loss.name === "loss" ? "loss" : `loss ${loss.name}`);

function calledLoss(loss: CustomLoss, prediction: Tensor | Tensor[], target: Tensor | Tensor[]): unknown {
  try {
    return loss(prediction, target as Tensor);
  } catch (error) {
    throw prefixed(error, nameOf(loss).replace(/^l/, "L"));
  }
}

/** @throws {TypeError} if a loss of one's own returns no tensor */
function checkedLoss(
  loss: CustomLoss,
  prediction: Tensor | Tensor[],
  target: Tensor | Tensor[],
  weights: Tensor | null,
): Scalar {
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
  if (found.rank > 0) return weightedMean(found, weights);
  if (weights !== null)
    throw new TypeError(
      `Expected ${name} to return a loss for each sample, which samples' weights multiply, but found their mean: leave the mean ` +
        "out, (prediction, target) => prediction.sub(target).square().mean(-1)",
    );
  return found as Scalar;
}

/** What a loss is told beside the loss itself. */
export interface LossSettings {
  /** How much each output's loss counts, as `lossWeights` of a training. */
  readonly lossWeights?: readonly number[] | Readonly<Record<string, number>> | null;
  /** What multiplies the loss of samples of each class. */
  readonly classWeights?: readonly number[] | null;
  /** How many classes the data's targets are of; null where they are none. Default: null */
  readonly classes?: number | null;
}

/**
 * The loss function of a model: that of its output, or of each of its outputs, added up by their weights; or a function of the
 * caller's own.
 *
 * @throws {TypeError} if there is no loss for an output
 */
export function lossFunction(model: LayersModel, given: LossGiven, settings: LossSettings = {}): LossFunction {
  const losses = lossesOf(model, TRAINING.loss.kind.read(given, "loss"));
  const weights = weightsOf(model, settings.lossWeights ?? null);
  const counts = givesClasses(model, settings.classes ?? null);
  if (typeof losses === "function") {
    const call: LossFunction = (prediction, target, own = null) => ({
      loss: checkedLoss(losses, prediction, target, own),
      correct: counts ? hitsOfClasses(prediction, target) : null,
    });
    return Object.assign(call, { what: nameOf(losses) });
  }
  const functions = losses.map((loss, output) => ofOutput(model, loss, output, settings));
  if (functions.length === 1) return functions[0]!;
  const classified = losses.findIndex(isClassified);
  return (prediction, target, own = null) => {
    const values = functions.map((of, at) => of([prediction].flat()[at]!, [target].flat()[at]!, own));
    const terms = values.map(({ loss }, at) => (weights[at] === 1 ? loss : tf.mul<Scalar>(loss, weights[at]!)));
    return { loss: tf.addN(terms), correct: classified < 0 ? null : values[classified]!.correct };
  };
}

/** The loss of one of a model's outputs. */
function ofOutput(
  model: LayersModel,
  loss: Loss,
  output: number,
  { classWeights = null, classes = null }: LossSettings,
): LossFunction {
  if (typeof loss === "function") {
    const call: LossFunction = (prediction, target, own = null) => ({
      loss: checkedLoss(loss, prediction, target, own),
      correct: givesClasses(model, classes) ? hitsOfClasses(prediction, target) : null,
    });
    return Object.assign(call, { what: nameOf(loss) });
  }
  const { values, hits } = namedLoss(model, filledLoss(loss)!, output);
  return (prediction, target, own = null) => {
    const [found, wanted] = [prediction as Tensor, target as Tensor];
    const each = values(found, wanted);
    const weighted = classWeights ? tf.mul(each, weightsOfLabels(wanted, found.rank, classWeights)) : each;
    return {
      // Of plain numbers, so that nothing changes for who weighs nothing.
      loss: weightedMean(weighted, own),
      correct: hits ? countHits(hits(found, wanted), own) : null,
    };
  };
}

/** What each sample, step or pixel counts for its class; of a distribution over classes, the mean of theirs. */
function weightsOfLabels(target: Tensor, rank: number, classWeights: readonly number[]): Tensor {
  const weights = tf.tensor1d([...classWeights]);
  if (target.rank < rank) return tf.gather(weights, tf.cast(target, "int32"));
  return tf.sum(tf.mul(target, weights), -1);
}
