import type { Column, ColumnKind, TrainingData } from "../datasets";
import { isStreamed } from "../datasets/streams/read-split";
import { outputNames } from "../models/output-names";
import { type FilledLoss, filledLoss, isOfClasses, type LossGiven } from "../spec";
import { type LayersModel, type Tensor, tf } from "../tensorflow";
import { lossesOf } from "./losses/losses-of-outputs";
import { LOSS_WORDS } from "./losses/named-loss";

type Shape = readonly (number | null)[];

const shown = (shape: Shape): string => `[${["size", ...shape.map((size) => size ?? "any")].join(", ")}]`;

/**
 * Checks that a data set's targets are what a model's losses compare its outputs with.
 *
 * @throws {TypeError} if there are other targets than outputs, or of other shapes than a loss takes
 * @throws {RangeError} if the model tells apart another number of classes
 */
export function checkTargets(model: LayersModel, dataset: TrainingData, loss: LossGiven): void {
  const losses = lossesOf(model, loss);
  // A function of the user's own for all of the outputs knows by itself.
  if (typeof losses === "function") return;
  const targets = [dataset.train.targets, ...dataset.train.moreTargets];
  if (targets.length !== losses.length)
    throw new TypeError(
      `Expected targets for ${losses.length === 1 ? "the one output" : `each of ${losses.length} outputs`} of ${model.name} ` +
        `(${outputNames(model).join(", ")}) but data set ${dataset.name} has ${targets.length}: ` +
        (losses.length > 1
          ? "pass train: { inputs, severalTargets: [first, second] }, or { loss: (prediction, target) => … } for all of them"
          : "leave out what it does not give"),
    );
  losses.forEach((each, at) => {
    if (isOfClasses(each)) checkCrossEntropy(model, dataset, targets[at]!, at);
    else if (typeof each !== "function")
      checkNumbers(model, targets[at]!, { loss: filledLoss(each)!, name: dataset.name, at });
  });
}

/** Targets of a loss by name that is no classification are numbers in the shape of the output. */
function checkNumbers(
  model: LayersModel,
  { sampleShape }: ColumnKind,
  { loss, name, at }: { readonly loss: FilledLoss; readonly name: string; readonly at: number },
): void {
  const output: Shape = model.outputs[at]!.shape.slice(1);
  const plain = (shape: Shape) => shape.filter((size) => size !== 1);
  const [wanted, found] = [plain(output), plain(sampleShape)];
  if (wanted.length === found.length && wanted.every((size, axis) => size === null || size === found[axis])) return;
  throw new TypeError(
    `Expected targets of shape ${shown(output)}, as ${model.name} puts out, for ${LOSS_WORDS[loss.name]} but data set ${name} has ` +
      shown(sampleShape),
  );
}

function checkCrossEntropy(model: LayersModel, dataset: TrainingData, target: ColumnKind, at: number): void {
  const output: Shape = model.outputs[at]!.shape.slice(1);
  const of = model.outputs.length > 1 ? `output ${outputNames(model)[at]!} of ${model.name}` : model.name;
  if (output.length === 0)
    throw new TypeError(`Expected ${of} to end in classes for cross-entropy but found a single number a sample`);
  const classes = output.at(-1)!;
  if (classes === 1)
    throw new TypeError(
      `Expected ${of} to end in at least two classes for cross-entropy but found one number, whose softmax is 1 whatever it is: ` +
        "end in two, or pass { loss: (prediction, target) => … }",
    );
  const isLike = (shape: Shape) =>
    shape.length === target.sampleShape.length &&
    shape.every((size, axis) => size === null || size === target.sampleShape[axis]);
  // One-hot rows, or distributions.
  const isRows = isLike(output);
  const isLabels = isLike(output.slice(0, -1)) && (target.sampleShape.length > 0 || target.storage === "int32");
  if (at === 0 && dataset.classes !== null && dataset.classes !== classes && (isLabels || isRows))
    throw new RangeError(
      `Expected ${model.name} to have ${dataset.classes} outputs, one for each class of ${dataset.name}, but found ${classes}: ` +
        `build it with { classes: ${dataset.classes} }`,
    );
  if (isLabels || isRows) {
    // What a stream holds is looked at while it is read.
    if (!isStreamed(dataset.train))
      checkValues([dataset.train.targets, ...dataset.train.moreTargets][at]!, isLabels ? classes : null, dataset.name);
    return;
  }
  throw new TypeError(
    `Expected targets of data set ${dataset.name} to be classes for cross-entropy on ${of}, labels of shape ` +
      `${shown(output.slice(0, -1))} or one-hot rows ${shown(output)}, but found ` +
      `${target.sampleShape.length === 0 ? "numbers that are no labels, " : ""}shape ${shown(target.sampleShape)}: ` +
      "pass { loss: (prediction, target) => … }",
  );
}

/**
 * Looks at all labels, or at all rows: cross-entropy would take any numbers for them.
 *
 * @param classes of labels; null for rows, each of which is to be a distribution
 */
function checkValues({ tensor, size }: Column, classes: number | null, name: string): void {
  const bad = tf.tidy(() => {
    const values = tf.cast(tensor, "float32");
    const least = tf.min(values);
    if (classes === null) {
      const off = tf.max(tf.abs(tf.sub(tf.sum(values, -1), 1)));
      return tf.stack([least, off]).dataSync<"float32">();
    }
    const fraction = tf.max(tf.abs(tf.sub(values, tf.round(values))));
    return tf.stack([least, tf.max(values), fraction] as Tensor[]).dataSync<"float32">();
  });
  if (classes === null) {
    if (bad[0]! >= 0 && bad[1]! < 1e-3) return;
    throw new RangeError(
      `Expected rows of targets of data set ${name} to be one-hot, or shares that sum to 1, for cross-entropy but found ` +
        `${bad[0]! < 0 ? `the number ${bad[0]}` : `a row that does not (off by ${Number(bad[1]!.toPrecision(3))})`} among ${size}: where a ` +
        "sample has several labels it takes a loss for each, { loss: (prediction, target) => tf.losses.sigmoidCrossEntropy(target, prediction) }",
    );
  }
  if (bad[0]! >= 0 && bad[1]! < classes && bad[2] === 0) return;
  const odd = bad[2] !== 0 ? "numbers that are not whole" : String(bad[0]! < 0 ? bad[0] : bad[1]);
  throw new RangeError(
    `Expected labels of data set ${name} to be whole numbers from 0 to ${classes - 1} for cross-entropy but found ${odd}: ` +
      "number classes from 0, and give what does not count the label 0 and weights of 0",
  );
}
