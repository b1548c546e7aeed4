import { AMPLIFY } from "./amplification";
import {
  field,
  type Filled,
  type Given,
  integer,
  type Kind,
  number,
  objectOf,
  oneOf,
  orNull,
  readFields,
  refuse,
  text,
  value,
  whole,
  yesNo,
} from "../options";
import { augment, type BatchAugmentation } from "./augment";
import { callbacks, type CallbacksGiven, isEarlyStopping } from "./callbacks";
import { type EarlyStopping, earlyStoppingKind, type FilledEarlyStopping } from "./early-stopping";
import { loss } from "./losses";
import { type MEASURE, measure } from "./measure";
import { checkScore, type FilledMetric, type Metric, metrics, scoreColumn } from "./metrics";
import { optimizer } from "./optimizers";
import { save } from "./save";
import { stagePlan } from "./stages/schedule";

/** When a split is evaluated. */
export type EvaluateWhen = "epoch" | "end" | "never";

const atLeastZero = number("to be at least 0", (found) => found >= 0);

/** Numbers in a list, or by names. */
const lossWeights: Kind<readonly number[] | Readonly<Record<string, number>>> = {
  expected: "to be numbers of at least 0, in a list or by the outputs' names",
  read(given, name) {
    if (Array.isArray(given)) return given.map((each, at) => atLeastZero.read(each, `${name}[${at}]`));
    if (Object.prototype.toString.call(given) !== "[object Object]") return refuse(name, this.expected, given, false);
    return Object.fromEntries(
      Object.entries(given as object).map(([output, each]) => [output, atLeastZero.read(each, `${name}.${output}`)]),
    );
  },
  fromText: (word) => word.split(",").map(Number),
};

const classWeights: Kind<readonly number[] | "balanced"> = {
  expected: 'to be "balanced" or a list of numbers of at least 0, one for each class',
  read(given, name) {
    if (given === "balanced") return given;
    if (!Array.isArray(given)) return refuse(name, this.expected, given, false);
    const found = given.map((each, at) => atLeastZero.read(each, `${name}[${at}]`));
    if (!found.some((weight) => weight > 0)) refuse(name, "to have a weight above 0", given, true);
    return found;
  },
  fromText: (word) => (word === "balanced" ? word : word.split(",").map(Number)),
};

const when = oneOf("epoch", "end", "never");

/** Amplification as an option of a run, whose seed is the run's. */
const amplify = objectOf(AMPLIFY, { others: { seed: "the run's own seed selects the layers" } });

/** How a model is trained: every option of `ga.train`, and what is known of it wherever it is given. */
export const TRAINING = {
  /** How the run is called in figures and tables. Default: the model's name. */
  name: field(text, undefined, "what the run is called in figures and tables; by default the network's name", {
    decidesNothing: true,
  }),
  /** Whole number above 0. Default: 10, with `stages` the last stage's end. */
  epochs: field(whole(1), undefined, "how often all samples are seen; by default 10, or the last stage's end"),
  /** Samples per step; the last, smaller batch of an epoch is kept. Default: 128. */
  batchSize: field(whole(1), 128, "samples of a step; the last, smaller batch of an epoch is kept", {
    isSpelled: true,
  }),
  /** `ga.sgd(…)`, `ga.adamw(…)` and their like, or any `tf.train` optimizer. Default: `ga.sgd()`. */
  optimizer: field(
    optimizer,
    undefined,
    "sgd (default), adam, adamw, rmsprop, lion, or in JavaScript any optimizer of tf.train",
  ),
  /**
   * `"crossEntropy"` or `"focal"` of classes, `"binaryCrossEntropy"`, `"mse"`, `"mae"` or `"huber"` of numbers, by name or with
   * settings, `{ name: "crossEntropy", labelSmoothing: 0.1 }`, or `(prediction, target) => scalar`; for a model of several
   * outputs one for each, in a list or by the outputs' names. Default: `"crossEntropy"`.
   */
  loss: field(
    loss,
    "crossEntropy",
    "crossEntropy, focal, binaryCrossEntropy, mse, mae or huber, as crossEntropy(labelSmoothing 0.1), or in JavaScript a function; one for each output of several, in a list or by its name",
  ),
  /**
   * What is told of the validation and test splits beside loss and accuracy: `"topK"`, `"precision"`, `"recall"`, `"f1"`, `"auc"`, `"mse"`,
   * `"rmse"`, `"mae"`, by name or with settings, `{ name: "topK", k: 3 }`, or functions of one's own, `(prediction, target) => tensor`. Each is a
   * column of the epochs, `validationF1`, and is that of all samples of the split together. Default: none.
   */
  metrics: field(
    metrics as Kind<readonly Metric[] | Metric>,
    [],
    "what is told of the validation and test splits beside loss and accuracy: accuracy, topK, precision, recall, f1, auc, mse, rmse or mae, as topK(k 3), or in JavaScript functions",
  ),
  /**
   * The score by which a run's best epoch is chosen, whose weights its folder keeps: a column of the epochs, `"validationF1"`. Default: null,
   * the validation accuracy, where there is none the validation loss.
   */
  selectBy: field(
    orNull(scoreColumn),
    null,
    "the score by which the best epoch is chosen, as validationF1; by default the validation accuracy, or loss",
  ),
  /** How much each output's loss counts, in a list or by the outputs' names; null for all alike. Default: null. */
  lossWeights: field(orNull(lossWeights), null, "how much each output's loss counts, in a list or by its name"),
  /**
   * What multiplies the loss of samples of each class in training, a list, or `"balanced"` for weights that make all classes
   * count alike; null for nothing. Default: null.
   */
  classWeights: field(
    orNull(classWeights),
    null,
    "what multiplies the loss of each class's samples, or balanced: all classes count alike",
    { flag: "--class-weights <list>" },
  ),
  /**
   * How batches are varied in training, beside the data set's crops and mirroring: `"mixup"`, `"cutout"`, `"randomErase"`,
   * `"colourJitter"` (by name, or as `{ name, … }` with settings), or `(inputs, targets) => …` of tensor operations; a list of
   * these in their order. Null for nothing. Default: null.
   */
  augment: field(
    orNull(augment as Kind<readonly BatchAugmentation[] | BatchAugmentation>),
    null,
    "how batches are varied: mixup, cutout, randomErase, colourJitter, or in JavaScript a function",
    { flag: "--augment <list>" },
  ),
  /** Amplification in all epochs; not together with `stages`. */
  amplify: field(orNull(amplify as Kind<Given<typeof AMPLIFY>>), null, "amplification in all epochs; not together with stages"), // prettier-ignore
  /** A schedule of rates and amplification: `ga.strategy(…)`, `ga.intelligentStages(…)` or `ga.stages(…)`. */
  stages: field(orNull(stagePlan), null, "a schedule of rates and amplification"),
  /** What is measured of the gradients, null for nothing. Default: gradient flow every epoch. */
  measure: field(orNull(measure as Kind<Given<typeof MEASURE>>), {}, "what is measured of the gradients; null for nothing", { isSpelled: true }), // prettier-ignore
  /**
   * In how many parts a step's batch is computed, one after the other: their gradients are added up to those of the whole batch,
   * while memory holds what one part needs. A step remains one update with `batchSize` samples. Default: 1.
   */
  accumulate: field(
    whole(1),
    undefined,
    "in how many parts a step's batch is computed, whose gradients are added up; by default in one",
  ),
  /**
   * Decay of an exponential moving average of the weights, in [0, 1): evaluations use it, and the model ends with it. Default:
   * none.
   */
  averageWeights: field(
    number("to lie in [0, 1)", (found) => found >= 0 && found < 1),
    undefined,
    "decay of a moving average of the weights, with which the model is evaluated and ends; by default none",
  ),
  /**
   * A row in `run.steps` every so many steps: loss, accuracy, rate and gradient norm of that step. What callbacks `log` is there in
   * any case. Default: none.
   */
  logEvery: field(
    whole(1),
    undefined,
    "a row in steps every so many steps: loss, rate, gradient norm; by default none",
  ),
  /** Largest norm of all gradients together that is let through; null clips nothing. Default: null. */
  clipNorm: field(
    orNull(number("to be above 0", (norm) => norm > 0)),
    null,
    "largest norm of all gradients together that is let through; null clips nothing",
    { isSpelled: true },
  ),
  /** The same of each layer's gradients together, weights and biases; null clips nothing. Default: null. */
  clipLayerNorm: field(
    orNull(number("to be above 0", (norm) => norm > 0)),
    null,
    "largest norm of each layer's gradients that is let through; null clips nothing",
  ),
  /** Largest absolute value of a gradient that is let through; null clips nothing. Default: null. */
  clipValue: field(
    orNull(number("to be above 0", (value) => value > 0)),
    null,
    "largest absolute value of a gradient that is let through; null clips nothing",
  ),
  /**
   * `"graph"` runs an epoch as one TensorFlow function, off the event loop; `"eager"` op by op, for debugging.
   * Default: the graph wherever it is available.
   */
  engine: field(
    oneOf("graph", "eager"),
    undefined,
    "whole epochs as TensorFlow functions (by default, where that is possible), or op by op",
  ),
  /**
   * What convolutions and matrix products compute in: `"float32"`, `"tf32"` (GPUs only) or `"bfloat16"`.
   * Evaluation is in float32 in any case. Default: `"float32"`.
   */
  precision: field(
    oneOf("float32", "tf32", "bfloat16"),
    "float32",
    "what convolutions and matrix products compute in; tf32 on GPUs only",
  ),
  /**
   * `"xla"` has XLA make one program of a step, which takes seconds, once for each training; `"none"` runs each op by its kernel.
   * Experimental: docs/graph-engine.md says how far its numbers are from the kernels'. Default: `"none"`.
   */
  compiler: field(
    oneOf("none", "xla"),
    undefined,
    "xla (experimental) makes one program of a step, which takes seconds; by default each op is run by its kernel",
  ),
  /** Ends training where a score does not improve any more; null trains all epochs. Default: null. */
  earlyStopping: field(orNull(earlyStoppingKind as Kind<EarlyStopping>), null, "end training where a score does not improve any more"), // prettier-ignore
  /**
   * `{ onStep, onEpoch, onEvaluate }`, or a list of such: called, and awaited, while training goes on; they may stop it and
   * change the rate. Default: none.
   */
  callbacks: field(callbacks as Kind<CallbacksGiven>, [], "functions that are called while training goes on", { onlyJavaScript: true }), // prettier-ignore
  /** When the validation split is evaluated. Default: every epoch. */
  validate: field(when, "epoch", "when the validation split is evaluated", { isSpelled: true }),
  /** When the test split is evaluated. Default: at the end; every epoch where there is no validation split. */
  test: field(
    when,
    undefined,
    "when the test split is evaluated; by default at the end, every epoch where there is no validation split",
  ),
  /**
   * What a training loss that is not finite does. `"stop"` ends the run, with status `"diverged"` and the
   * model as it was before that epoch; `"record"` goes on. Either way a warning says at which layer it began.
   * Default: `"stop"`.
   */
  onNonFinite: field(oneOf("stop", "record"), "stop", "what a training loss that is not finite does"),
  /** Of shuffling, augmentation and the selection of layers. Default: 0. */
  seed: field(
    integer,
    0,
    "of shuffling, augmentation and the selection of layers; by name also of the initial weights",
    { isSpelled: true },
  ),
  /** Stops the run at the next step boundary. */
  signal: field(
    value<AbortSignal>("to be an AbortSignal", (given) => given instanceof AbortSignal),
    undefined,
    "stops the run at the next step",
    { decidesNothing: true, onlyJavaScript: true },
  ),
} as const;

/** How a model is trained; everything has a default. */
export type TrainOptions = Given<typeof TRAINING>;

/** What `ga.train` takes beside: where the run is kept, and whether progress is shown. */
export const SESSION = {
  /** Whether progress is shown. Default: true. */
  progress: field(yesNo, true, "whether progress is shown", { decidesNothing: true, onlyJavaScript: true }),
  /** The run's folder, or {@link SaveOptions}. Default: nothing is kept. */
  save: field(orNull(save), null, "the run's folder, or how it is kept; null keeps nothing", { decidesNothing: true }),
} as const;

/** Where names that are no option of training belong. */
export const TRAINING_ELSEWHERE = {
  learningRate: "it is the optimizer's, ga.sgd({ learningRate }), or the stages'",
  lr: "the rate is the optimizer's, ga.sgd({ learningRate }), or the stages'",
  momentum: "it is the optimizer's, ga.sgd({ momentum })",
  weightDecay: "it is the optimizer's, ga.sgd({ weightDecay })",
  group: "it is part of amplify: { group } or of stages",
  scope: "it is part of amplify: { scope } or of stages",
  ampRatio: "it is part of amplify: { ampRatio } or of stages",
  ampFactor: "it is part of amplify: { ampFactor } or of stages",
  statistics: "it is part of measure: { statistics }",
  every: "it is part of measure: { every }",
  strategy: "pass stages: ga.strategy(…)",
} as const;

/**
 * Reads the options of a training: refuses unknown names, wrong values and what cannot be together, and fills in what
 * does not depend on the model, the data or this machine.
 *
 * @throws {TypeError | RangeError} if an option is unknown, of the wrong kind or out of range; thrown before any work
 */
export function readTraining(given: unknown): Filled<typeof TRAINING> {
  const found = readFields(TRAINING, given, {
    others: { ...TRAINING_ELSEWHERE, progress: "it is ga.train's", save: "it is ga.train's; see ga.recordTraining" },
  });
  const clips = (["clipNorm", "clipLayerNorm", "clipValue"] as const).filter((name) => found[name] !== null);
  if (clips.length > 1)
    throw new TypeError(`Expected one way to clip but found ${clips.join(" and ")}: leave one of them out`);
  if (found.stages && found.epochs !== undefined) {
    throw new TypeError("Expected stages or epochs but found both: the last stage's end is the number of epochs");
  }
  if (found.stages && found.amplify) {
    throw new TypeError("Expected stages or amplify but found both: stages say what is amplified");
  }
  const list = found.metrics as readonly FilledMetric[];
  if (found.selectBy !== null) checkScore(found.selectBy, "selectBy", list);
  const stopping = [found.earlyStopping, ...(found.callbacks as readonly object[]).filter(isEarlyStopping)];
  for (const one of stopping) if (one) checkScore((one as FilledEarlyStopping).on, "earlyStopping.on", list);
  return { ...found, measure: found.measure && measure.read(found.measure, "measure") };
}
