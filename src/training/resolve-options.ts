import { checkModel } from "../options";
import { checkWeights, group } from "../amplification";
import type { StreamedDataset, TrainingData } from "../datasets";
import { isStreamed } from "../datasets/streams/read-split";
import { type ResolvedMeasure, resolveMeasure } from "../gradients";
import { checkEngine, defaultEngine, type EngineName } from "../graph";
import {
  AMPLIFY,
  type Callbacks,
  checkRates,
  type EvaluateWhen,
  type FilledMetric,
  metricEnding,
  checkScore,
  type Filled,
  type FilledEarlyStopping,
  isEarlyStopping,
  isOfClasses,
  type LossGiven,
  type MeasureOptions,
  type NamedOptimizer,
  type Optimizer,
  type OptimizerGiven,
  type OwnAugmentation,
  type ReadyAugmentation,
  readFields,
  readTraining,
  type RunAmplification,
  show,
  type StagePlan,
  type TrainOptions,
  type TRAINING,
} from "../spec";
import type { Score } from "../rows";
import type { LayersModel } from "../tensorflow";
import { consideredLayers } from "./stages/considered-layers";
import { checkDataset, checkSamples } from "./check-samples";
import type { BatchAugmenter } from "./augment/augment-batch";
import { resolveAugment } from "./augment/resolve-augment";
import { checkTargets } from "./check-targets";
import type { Stopping } from "./callbacks/epochs-since-best";
import { classifies, type LossFunction, lossFunction } from "./loss";
import { lossesOf } from "./losses/losses-of-outputs";
import { resolveClassWeights } from "./losses/class-weights";
import type { Metric } from "./metrics/metric";
import { resolveMetrics } from "./metrics/resolve-metrics";
import { stepsOfEpoch } from "./steps-of-epoch";
import { optimizerByName } from "./optimizers/optimizer-by-name";
import { fromTfjsOptimizer, isTfjsOptimizer } from "./optimizers/tfjs-optimizer";

/** A run's options with every default filled in and every value checked. */
export interface ResolvedOptions extends Omit<
  Filled<typeof TRAINING>,
  "optimizer" | "amplify" | "measure" | "metrics" | "callbacks" | "earlyStopping"
> {
  readonly callbacks: readonly Callbacks[];
  readonly earlyStopping: FilledEarlyStopping | null;
  /** When training stops early; null where it does not. */
  readonly stopping: (Stopping & { readonly patience: number }) | null;
  readonly metrics: readonly FilledMetric[];
  /** The same for the model and the data. */
  readonly resolvedMetrics: readonly Metric[];
  readonly name: string;
  readonly epochs: number;
  readonly optimizer: Optimizer;
  /** As the model is evaluated. */
  readonly lossFunction: LossFunction;
  /** The same with the weights of classes. */
  readonly trainingLoss: LossFunction;
  /** Whether there is an accuracy. */
  readonly classifies: boolean;
  /** How batches are varied in training; null for no way but the data set's. */
  readonly augmenter: BatchAugmenter | null;
  readonly amplify: Filled<typeof AMPLIFY> | null;
  readonly measure: ResolvedMeasure | null;
  readonly engine: EngineName;
  readonly test: EvaluateWhen;
}

/**
 * Refuses, before any work is done, whatever makes no sense; fills in the rest.
 *
 * @throws {TypeError | RangeError} if an option makes no sense for the model or the data
 */
export function resolveOptions(model: LayersModel, dataset: TrainingData, options: TrainOptions): ResolvedOptions {
  checkModel(model);
  checkDataset(dataset);
  const given = readTraining(options);
  const { stages: plan, amplify, loss, precision } = given;
  const optimizer = toOptimizer(given.optimizer ?? "sgd", plan);
  // A stream that comes in batches has chosen already.
  const batchSize = options.batchSize ?? (dataset as Partial<StreamedDataset>).batchSize ?? given.batchSize;
  const hasRates = plan !== null && plan.stages[0]!.learningRate !== null;
  if (plan && given.optimizer !== undefined) checkStagedOptimizer(optimizer, plan);
  const { lossWeights, classWeights } = given;
  const ownLoss = lossFunction(model, loss, { lossWeights, classes: dataset.classes });
  checkSamples(model, dataset);
  checkTargets(model, dataset, loss);
  if (plan) checkStagedLayers(model, plan);
  const epochs = plan ? plan.stages.at(-1)!.end : (given.epochs ?? 10);
  if (!hasRates) checkRates(optimizer.learningRate, epochs, stepsOfEpoch(dataset.train.size, batchSize));
  const metrics = given.metrics as readonly FilledMetric[];
  const scores: Scores = { metrics, isClassified: classifies(model, loss, dataset.classes) };
  if (given.selectBy !== null) checkKnown("selectBy", given.selectBy, given, dataset, scores);
  checkAccumulation(given, batchSize);
  const engine = given.engine ?? defaultEngine();
  checkEngine(engine, precision, given.compiler);
  checkEpochs(dataset, epochs);
  return {
    ...given,
    batchSize,
    name: given.name ?? model.name,
    epochs,
    optimizer,
    lossFunction: ownLoss,
    trainingLoss: classWeights
      ? lossFunction(model, loss, {
          lossWeights,
          classes: dataset.classes,
          classWeights: weightsOfClasses(model, dataset, loss, classWeights),
        })
      : ownLoss,
    classifies: classifies(model, loss, dataset.classes),
    augmenter: resolveAugment(
      model,
      dataset,
      loss,
      (given.augment ?? []) as readonly (ReadyAugmentation | OwnAugmentation)[],
    ),
    amplify: amplify ? resolveAmplify(model, amplify) : null,
    measure: resolveMeasure(given.measure),
    engine,
    metrics,
    resolvedMetrics: resolveMetrics({ model, dataset, loss }, metrics),
    ...stoppingOf(given, dataset, scores),
    test: given.test ?? (dataset.validation ? "end" : "epoch"),
  };
}

/**
 * Callbacks and early stopping, which may stand among them.
 *
 * @throws {TypeError | RangeError} if it stands there twice, or on a score that the run will not have
 */
function stoppingOf(
  given: Filled<typeof TRAINING>,
  dataset: TrainingData,
  scores: Scores,
): Pick<ResolvedOptions, "callbacks" | "earlyStopping" | "stopping"> {
  const { callbacks, earlyStopping } = given;
  const list = callbacks as readonly (Callbacks | FilledEarlyStopping)[];
  const stopping = [...(earlyStopping ? [earlyStopping as FilledEarlyStopping] : []), ...list.filter(isEarlyStopping)];
  if (stopping.length > 1)
    throw new TypeError("Expected early stopping once but found it twice: leave it out of callbacks");
  const [found = null] = stopping;
  const score = found && checkKnown("earlyStopping.on", found.on, given, dataset, scores);
  return {
    callbacks: list.filter((one): one is Callbacks => !isEarlyStopping(one)),
    earlyStopping: found,
    stopping: found && score && { score, minDelta: found.minDelta, patience: found.patience },
  };
}

/** What scores a run will have beside its losses. */
interface Scores {
  readonly metrics: readonly FilledMetric[];
  readonly isClassified: boolean;
}

/**
 * The score that a column is.
 *
 * @throws {RangeError} if the run will not have it after each epoch
 */
function checkKnown(
  option: string,
  column: string,
  { validate }: Filled<typeof TRAINING>,
  dataset: TrainingData,
  { metrics, isClassified }: Scores,
): Score {
  const score = checkScore(column, option, metrics);
  if (column.startsWith("validation") && (!dataset.validation || validate !== "epoch"))
    throw new RangeError(
      `Expected ${column} to be known after each epoch for ${option} but found ` +
        `${dataset.validation ? `validate ${show(validate)}` : `no validation split in ${dataset.name}`}: take "trainLoss", say`,
    );
  const isMetric = metrics.some((metric) => metricEnding(metric) === "Accuracy" && column === "validationAccuracy");
  if (column.endsWith("Accuracy") && !isClassified && !isMetric)
    throw new RangeError(`Expected targets that are classes for ${option} ${column} but found none: take a loss`);
  return score;
}

/** @throws {TypeError | RangeError} if a batch cannot be computed in so many parts */
function checkAccumulation({ accumulate = 1, measure }: Filled<typeof TRAINING>, batchSize: number): void {
  if (accumulate > batchSize)
    throw new RangeError(
      `Expected accumulate to be at most the batch size, ${batchSize}, but found ${accumulate}: it says in how many parts a batch is computed`,
    );
  if (accumulate > 1 && (measure as MeasureOptions | null)?.statistics?.includes("outputs"))
    throw new TypeError(
      'Expected statistics of gradients with accumulate but found "outputs", of which each part has its own: leave one of both out',
    );
}

/** An optimizer in whatever form it was given. */
function toOptimizer(given: OptimizerGiven, plan: StagePlan | null): Optimizer {
  if (isTfjsOptimizer(given)) return fromTfjsOptimizer(given);
  if (typeof given === "object" && "start" in given) return given;
  const { name, ...settings } = typeof given === "string" ? { name: given } : given;
  const staged = plan?.stages[0]!.learningRate ?? null;
  const rate = staged === null ? {} : { learningRate: staged };
  const made = optimizerByName({ name, ...rate, ...settings } as NamedOptimizer);
  return { ...made, hasOwnRate: "learningRate" in settings };
}

/** @throws {TypeError} if data that can be read only once is asked for again */
function checkEpochs({ name, train, validation, test }: TrainingData, epochs: number): void {
  if (epochs === 1) return;
  for (const [split, words] of [
    [train, "train"],
    [validation, "validation"],
    [test, "test"],
  ] as const)
    if (split && isStreamed(split) && split.repeats === "never")
      throw new TypeError(
        `Expected ${words} of data set ${name} to be a function that makes a generator for each of ${epochs} epochs but found ` +
          "a generator, which can be gone through once: pass () => batches() or, where it is an async function*, its name",
      );
}

/** @throws {TypeError} if there is not one classification whose classes are weighed */
function weightsOfClasses(
  model: LayersModel,
  dataset: TrainingData,
  loss: LossGiven,
  given: readonly number[] | "balanced",
): readonly number[] {
  const losses = lossesOf(model, loss);
  if (typeof losses === "function" || losses.some((each) => typeof each === "function"))
    throw new TypeError('Expected classWeights with loss "crossEntropy" but found a function: multiply by them there');
  if (!losses.every(isOfClasses))
    throw new TypeError(
      `Expected classWeights with loss "crossEntropy" or "focal" but found ${show(loss)}: it is of no classes`,
    );
  if (model.outputs.length > 1)
    throw new TypeError(
      `Expected classWeights for a model of one output but ${model.name} has ${model.outputs.length}: give samples weights instead`,
    );
  return resolveClassWeights(given, dataset, dataset.classes ?? model.outputs[0]!.shape.at(-1)!);
}

function resolveAmplify(model: LayersModel, options: RunAmplification): Filled<typeof AMPLIFY> {
  const filled = readFields(AMPLIFY, options, { name: "amplify" });
  checkWeights(group(model, filled.group), filled.scope);
  return filled;
}

/** Refuses now what would fail only when an amplified stage begins. */
function checkStagedLayers(model: LayersModel, plan: StagePlan): void {
  const amplifies = plan.stages.some(({ ampRatio }) => ampRatio > 0);
  if (plan.intelligent && amplifies) consideredLayers(model, plan.group);
  else if (plan.group) checkWeights(group(model, plan.group), amplifies ? plan.scope : "backprop");
}

/** Where stages set the rate, or empty the optimizer, it must be one that lets them. */
function checkStagedOptimizer(optimizer: Optimizer, { stages, resetOptimizer }: StagePlan): void {
  const hasRates = stages[0]!.learningRate !== null;
  if (optimizer.name.startsWith("tf.train.") && (hasRates || resetOptimizer)) {
    throw new TypeError(`Expected one of gradamp's optimizers beside stages but found ${optimizer.name}: use ga.sgd`);
  }
  if (optimizer.hasOwnRate && hasRates) {
    throw new TypeError(
      `Expected stages or a learning rate but found both (${optimizer.learningRate.description}): leave learningRate out of ` +
        `ga.${optimizer.name}(…), or the rates out of the stages, [end, ratio, factor], rates: "optimizer"`,
    );
  }
}
