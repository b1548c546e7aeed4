import { inspect } from "node:util";
import { type AmplifyOptions, checkPlan, checkWeights, group, type StagePlan } from "../amplification";
import { checkFactor, checkRatio, checkScope } from "../amplification/check-amplification";
import type { Dataset } from "../datasets";
import { consideredLayers } from "./stages/considered-layers";
import { type MeasureOptions, resolveMeasure } from "../gradients";
import { checkEngine, defaultEngine, type EngineName, type Precision } from "../graph";
import type { LayersModel } from "../tensorflow";
import { type Loss, type LossFunction, lossFunction } from "./loss";
import type { Optimizer } from "./optimizers/optimizer";
import { sgd } from "./optimizers/sgd";
import { fromTfjsOptimizer, isTfjsOptimizer } from "./optimizers/tfjs-optimizer";
import type { EvaluateWhen, TrainOptions } from "./train-options";

/** A run's options with every default filled in and every value checked. */
export interface ResolvedOptions {
  readonly name: string;
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  readonly lossFunction: LossFunction;
  /** Null where the optimizer's own schedule holds and nothing changes between epochs. */
  readonly stages: StagePlan | null;
  readonly amplify: Required<Omit<AmplifyOptions, "seed">> | null;
  readonly measure: Required<MeasureOptions> | null;
  readonly clipNorm: number | null;
  readonly engine: EngineName;
  readonly precision: Precision;
  readonly validate: EvaluateWhen;
  readonly test: EvaluateWhen;
  readonly onNonFinite: "stop" | "record";
  readonly seed: number;
}

function positiveInteger(value: number, what: string): number {
  if (!(Number.isInteger(value) && value > 0)) {
    throw new RangeError(`Expected ${what} to be a whole number above 0 but found ${value}`);
  }
  return value;
}

/** Refuses, before any work is done, whatever makes no sense; fills in the rest. */
export function resolveOptions(model: LayersModel, dataset: Dataset, options: TrainOptions): ResolvedOptions {
  checkDataset(dataset);
  const {
    stages: plan = null,
    amplify = null,
    clipNorm = null,
    seed = 0,
    batchSize = 128,
    loss = "crossEntropy",
    onNonFinite = "stop",
  } = options;
  if (plan && options.epochs !== undefined) {
    throw new TypeError("Expected stages or epochs but found both: the last stage's end is the number of epochs");
  }
  if (plan && amplify) {
    throw new TypeError("Expected stages or amplify but found both: stages say what is amplified");
  }
  const given = options.optimizer ?? sgd(plan ? { learningRate: plan.stages[0]!.learningRate } : {});
  const optimizer = isTfjsOptimizer(given) ? fromTfjsOptimizer(given) : given;
  if (plan && options.optimizer) checkStagedOptimizer(optimizer);
  if (!Number.isSafeInteger(seed)) throw new RangeError(`Expected seed to be a whole number but found ${seed}`);
  if (clipNorm !== null && !(clipNorm > 0)) {
    throw new RangeError(`Expected clipNorm to be above 0 or null but found ${clipNorm}`);
  }
  const ownLoss = lossFunction(model, loss);
  if (onNonFinite !== "stop" && onNonFinite !== "record") {
    throw new RangeError(`Expected onNonFinite to be "stop" or "record" but found ${JSON.stringify(onNonFinite)}`);
  }
  checkFit(model, dataset, loss);
  if (plan) checkStagedLayers(model, plan);
  const epochs = plan ? plan.stages.at(-1)!.end : positiveInteger(options.epochs ?? 10, "epochs");
  for (const epoch of [1, epochs]) optimizer.learningRate.at(epoch, epochs);
  const { engine = defaultEngine(), precision = "float32" } = options;
  checkEngine(engine, precision);
  return {
    name: options.name ?? model.name,
    epochs,
    batchSize: positiveInteger(batchSize, "batchSize"),
    optimizer,
    loss,
    lossFunction: ownLoss,
    stages: plan ? checkPlan(plan) : null,
    amplify: amplify ? resolveAmplify(model, amplify) : null,
    measure: resolveMeasure(options.measure === undefined ? {} : options.measure),
    clipNorm,
    engine,
    precision,
    validate: options.validate ?? "epoch",
    test: options.test ?? (dataset.validation ? "end" : "epoch"),
    onNonFinite,
    seed,
  };
}

function checkDataset(dataset: Dataset): void {
  const found: unknown = dataset;
  if (found instanceof Promise) throw new TypeError("Expected a data set but found a Promise: await it");
  if (!(found as Partial<Dataset> | null | undefined)?.train?.inputs)
    throw new TypeError(`Expected a data set, as of ga.dataset, but found ${inspect(found, { depth: 0 })}`);
}

function resolveAmplify(model: LayersModel, options: AmplifyOptions): Required<Omit<AmplifyOptions, "seed">> {
  const { ampRatio = 1, ampFactor = 2, scope = "backprop" } = options;
  checkRatio(ampRatio);
  checkFactor(ampFactor);
  checkScope(scope);
  checkWeights(group(model, options.group), scope);
  return { group: options.group, ampRatio, ampFactor, scope };
}

/** Refuses now what would fail only when an amplified stage begins. */
function checkStagedLayers(model: LayersModel, plan: StagePlan): void {
  const amplifies = plan.stages.some(({ ampRatio }) => ampRatio > 0);
  if (plan.intelligent && amplifies) consideredLayers(model, plan.group);
  else if (plan.group) checkWeights(group(model, plan.group), amplifies ? plan.scope : "backprop");
}

/** Stages set the rate, so an optimizer given beside them must leave it open. */
function checkStagedOptimizer(optimizer: Optimizer): void {
  if (optimizer.name.startsWith("tf.train.")) {
    throw new TypeError(`Expected one of gradamp's optimizers beside stages but found ${optimizer.name}: use ga.sgd`);
  }
  if (optimizer.hasOwnRate) {
    throw new TypeError(
      `Expected stages or a learning rate but found both (${optimizer.learningRate.description}): ` +
        `leave learningRate out of ga.${optimizer.name}(…)`,
    );
  }
}

function checkFit(model: LayersModel, dataset: Dataset, loss: Loss): void {
  const wanted = model.inputs.map((input) => input.shape.slice(1));
  const found = dataset.train.inputs.map((column) => column.sampleShape);
  const fits =
    wanted.length === found.length &&
    wanted.every(
      (shape, at) =>
        shape.length === found[at]!.length && shape.every((size, axis) => size === null || size === found[at]![axis]),
    );
  if (!fits) {
    throw new TypeError(
      `Expected samples of shape ${JSON.stringify(wanted)} for ${model.name} but data set ${dataset.name} has ` +
        `${JSON.stringify(found)}`,
    );
  }
  const outputs = model.outputs[0]!.shape.at(-1);
  if (loss === "crossEntropy" && dataset.classes === null) {
    throw new TypeError(
      `Expected data set ${dataset.name} to have classes for cross-entropy: pass { loss: (prediction, target) => … }`,
    );
  }
  if (loss === "crossEntropy" && dataset.classes !== outputs) {
    throw new RangeError(
      `Expected ${model.name} to have ${dataset.classes} outputs, one for each class of ${dataset.name}, but found ${outputs}: ` +
        `build it with { classes: ${dataset.classes} }`,
    );
  }
}
