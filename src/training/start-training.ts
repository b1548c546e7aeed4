import { setImmediate } from "node:timers/promises";
import { type Amplification, amplifyLayers, group, selectLayers } from "../amplification";
import { type Dataset, epochPlan } from "../datasets";
import { statisticColumns, type WeightTensor, weightTensors } from "../gradients";
import { deriveSeed } from "../layers";
import type { LayersModel } from "../tensorflow";
import { eagerEngine } from "./eager-engine";
import type { EpochOutcome } from "./engine";
import { evaluate } from "./evaluate";
import { gradientRows } from "./gradient-rows";
import { describeOptions } from "./describe-options";
import { type ResolvedOptions, resolveOptions } from "./resolve-options";
import type { EpochRow } from "./rows";
import { Run } from "./run";
import { type StagePeriod, stagePeriods } from "./stage-periods";
import { Clock } from "./clock";
import type { TrainOptions } from "./train-options";

/**
 * Begins to train a model and returns at once; `run.finished` settles when training has ended.
 *
 * Options are checked before this returns.  Events (`progress`, `stage`, `epoch`, `end`) come while it goes on, and
 * `run.stop()` ends it at the next step boundary.
 *
 * @throws {TypeError | RangeError} if an option makes no sense for the model or the data
 *
 * @example
 * import * as ga from "gradamp";
 * const data = ga.embedded({ train: 100, validation: 50, test: 50 });
 * const run = ga.startTraining(ga.vgg08({ classes: 10 }), data, { epochs: 1 });
 * run.on("epoch", ({ row }) => console.log(row.trainLoss));
 * await run.finished;
 */
export function startTraining(model: LayersModel, dataset: Dataset, options: TrainOptions = {}): Run {
  const resolved = resolveOptions(model, dataset, options);
  const weights = weightTensors(model);
  if (weights.length === 0) throw new TypeError(`Expected ${model.name} to have trainable weights but found none`);
  const run = new Run(
    resolved.name,
    model.name,
    weights.reduce((sum, { size }) => sum + size, 0),
    dataset.name,
    describeOptions(resolved),
  );
  run.finished = train(run, model, dataset, weights, resolved, options.signal ?? null);
  // Whoever only listens to events must not bring the process down; awaiting `finished` still throws.
  run.finished.catch(() => undefined);
  return run;
}

async function train(
  run: Run,
  model: LayersModel,
  dataset: Dataset,
  weights: readonly WeightTensor[],
  options: ResolvedOptions,
  signal: AbortSignal | null,
): Promise<Run> {
  // Listeners subscribe in the turn in which the run was made.
  await setImmediate();
  const optimizer = options.optimizer.start(weights.map(({ variable }) => variable));
  const context = {
    model,
    lossFunction: options.lossFunction,
    variables: weights.map(({ variable }) => variable),
    optimizer,
    clipNorm: options.clipNorm,
  };
  const shouldStop = () => run.stopRequested || (signal?.aborted ?? false);
  const clock = new Clock(options.epochs, dataset.train.size);
  let steps = 0;
  let optimizerSteps = 0;
  try {
    for (const period of stagePeriods(options)) {
      if (shouldStop()) break;
      if (period.resetOptimizer && period.first > 1) {
        optimizer.reset();
        optimizerSteps = 0;
      }
      const amplification = startStage(run, model, period, options);
      try {
        for (let epoch = period.first; epoch <= period.last && !shouldStop(); epoch++) {
          const learningRate = period.learningRate ?? options.optimizer.learningRate.at(epoch, options.epochs);
          clock.startEpoch(epoch);
          const outcome = await eagerEngine.trainEpoch({
            context,
            dataset,
            plan: epochPlan(dataset.train.size, {
              seed: deriveSeed(options.seed, "data"),
              epoch,
              augmentation: dataset.augmentation,
            }),
            batchSize: options.batchSize,
            learningRate,
            optimizerSteps,
            measure: options.measure && {
              columns: statisticColumns(options.measure.statistics),
              reduce: options.measure.reduce,
            },
            onStep: (done) =>
              run.emit("progress", {
                ...clock.progress(done, Math.ceil(dataset.train.size / options.batchSize), options.batchSize),
                trainLoss: run.epochs.at(-1)?.trainLoss ?? null,
              }),
            shouldStop,
          });
          steps += outcome.steps;
          optimizerSteps += outcome.steps;
          if (outcome.samples < dataset.train.size) break;
          clock.endTraining();
          const scores = await evaluateSplits(model, dataset, options, epoch, shouldStop);
          recordEpoch(
            run,
            weights,
            options,
            { epoch, step: steps, learningRate, outcome, scores },
            {
              seconds: clock.epochSeconds(),
              imagesPerSecond: outcome.samples / clock.trainingSeconds(),
              amplifiedLayers: amplification?.layers.length ?? 0,
            },
          );
        }
      } finally {
        amplification?.remove();
      }
    }
    run.status = shouldStop() && run.epochs.length < options.epochs ? "interrupted" : "finished";
    return run;
  } catch (error) {
    run.status = "failed";
    throw error;
  } finally {
    optimizer.dispose();
    run.emit("end", { status: run.status });
  }
}

/** Selects and amplifies a stage's layers, and tells who listens; null where nothing is amplified. */
function startStage(run: Run, model: LayersModel, period: StagePeriod, options: ResolvedOptions): Amplification | null {
  const { ampRatio, ampFactor, scope, first } = period;
  const members = period.group && ampRatio > 0 ? group(model, period.group) : [];
  const chosen = selectLayers(members, ampRatio, deriveSeed(options.seed, `selection/${period.index}`));
  const stage = {
    epoch: first,
    learningRate: period.learningRate ?? options.optimizer.learningRate.at(first, options.epochs),
    ampRatio,
    ampFactor,
    groupSize: members.length,
    layers: chosen.map((layer) => layer.name),
  };
  run.stages.push(stage);
  run.emit("stage", stage);
  if (chosen.length === 0) return null;
  if (options.optimizer.scaleInvariant && run.warnings.length === 0) {
    run.warn(
      `${options.optimizer.name} divides a parameter's gradient by its own running size, so that a constant ` +
        `amplification nearly cancels: amplify with ga.sgd to see its effect`,
    );
  }
  return amplifyLayers(model, chosen, { ampFactor, scope, groupSize: members.length });
}

type Scores = Pick<EpochRow, "validationLoss" | "validationAccuracy" | "testLoss" | "testAccuracy">;
const NO_SCORES: Scores = { validationLoss: null, validationAccuracy: null, testLoss: null, testAccuracy: null };

/** The epoch's scores on the splits that are due; none where an interrupt cut the evaluation short. */
async function evaluateSplits(
  model: LayersModel,
  dataset: Dataset,
  options: ResolvedOptions,
  epoch: number,
  shouldStop: () => boolean,
): Promise<Scores> {
  const due = (when: ResolvedOptions["test"]) => when === "epoch" || (when === "end" && epoch === options.epochs);
  const score = (split: Dataset["test"], when: ResolvedOptions["test"]) =>
    split && due(when) ? evaluate(model, dataset, split, { loss: options.loss, shouldStop }) : null;
  const validation = await score(dataset.validation, options.validate);
  const test = await score(dataset.test, options.test);
  if (shouldStop()) return NO_SCORES;
  return {
    validationLoss: validation?.loss ?? null,
    validationAccuracy: validation?.accuracy ?? null,
    testLoss: test?.loss ?? null,
    testAccuracy: test?.accuracy ?? null,
  };
}

/** Writes an epoch's rows into the run and hands them to who listens. */
function recordEpoch(
  run: Run,
  weights: readonly WeightTensor[],
  options: ResolvedOptions,
  done: { epoch: number; step: number; learningRate: number; outcome: EpochOutcome; scores: Scores },
  rest: Pick<EpochRow, "seconds" | "imagesPerSecond" | "amplifiedLayers">,
): void {
  const { epoch, step, learningRate, outcome, scores } = done;
  const row: EpochRow = {
    epoch,
    learningRate,
    trainLoss: outcome.loss,
    trainAccuracy: options.loss === "crossEntropy" ? outcome.correct / outcome.samples : null,
    ...scores,
    ...rest,
  };
  const gradients =
    outcome.measured && options.measure
      ? gradientRows(weights, statisticColumns(options.measure.statistics), outcome.measured, { epoch, step })
      : [];
  run.epochs.push(row);
  run.gradients.push(...gradients);
  if (!Number.isFinite(row.trainLoss)) run.warn(`The training loss of epoch ${epoch} is ${row.trainLoss}`);
  run.emit("epoch", { row, gradients });
}
