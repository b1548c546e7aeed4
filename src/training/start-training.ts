import { setImmediate } from "node:timers/promises";
import { type Dataset, epochPlan } from "../datasets";
import {
  type GradientObserver,
  statisticColumns,
  statisticsObserver,
  type WeightTensor,
  weightTensors,
} from "../gradients";
import { deriveSeed } from "../layers";
import { trainableParameters } from "../models";
import type { LayersModel } from "../tensorflow";
import { Clock } from "./clock";
import { describeOptions } from "./describe-options";
import { recordEpoch } from "./record-epoch";
import { type ResolvedOptions, resolveOptions } from "./resolve-options";
import { Run } from "./run";
import { SplitEvaluations } from "./split-evaluations";
import { stagePeriods } from "./stage-periods";
import { startStage } from "./start-stage";
import type { TrainOptions } from "./train-options";
import { type Stretch, TrainingProgram } from "./training-program";

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
  const run = new Run(resolved.name, model.name, trainableParameters(model), dataset.name, describeOptions(resolved));
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
  const evaluations = new SplitEvaluations(model, dataset, options);
  const observer = options.measure && statisticsObserver(statisticColumns(options.measure.statistics), weights.length);
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
      const program = new TrainingProgram(context, dataset, options.batchSize);
      try {
        for (let epoch = period.first; epoch <= period.last && !shouldStop(); epoch++) {
          const learningRate = period.learningRate ?? options.optimizer.learningRate.at(epoch, options.epochs);
          const seed = deriveSeed(options.seed, "data");
          clock.startEpoch(epoch);
          observer?.reset();
          const outcome = await program.trainEpoch({
            plan: epochPlan(dataset.train.size, { seed, epoch, augmentation: dataset.augmentation }),
            learningRate,
            optimizerSteps,
            stretches: stretches(program.steps, observer, options.measure?.reduce ?? "last"),
            onStep: (done) =>
              run.emit("progress", {
                ...clock.progress(done, program.steps, options.batchSize),
                trainLoss: run.epochs.at(-1)?.trainLoss ?? null,
              }),
            shouldStop,
          });
          steps += outcome.steps;
          optimizerSteps += outcome.steps;
          if (outcome.samples < dataset.train.size) break;
          clock.endTraining();
          const measured = (await observer?.read()) ?? null;
          const scores = await evaluations.score(epoch, shouldStop);
          recordEpoch(
            run,
            weights,
            options,
            { epoch, step: steps, learningRate, outcome, measured, scores },
            {
              seconds: clock.epochSeconds(),
              imagesPerSecond: outcome.samples / clock.trainingSeconds(),
              amplifiedLayers: amplification?.layers.length ?? 0,
            },
          );
        }
      } finally {
        program.dispose();
        amplification?.remove();
      }
    }
    run.status = shouldStop() && run.epochs.length < options.epochs ? "interrupted" : "finished";
    return run;
  } catch (error) {
    run.status = "failed";
    throw error;
  } finally {
    evaluations.dispose();
    observer?.dispose();
    optimizer.dispose();
    run.emit("end", { status: run.status });
  }
}

/** On which steps of an epoch gradients are observed. */
function stretches(steps: number, observer: GradientObserver | null, reduce: "last" | "epoch-mean"): Stretch[] {
  if (!observer) return [{ first: 0, last: steps, observers: [] }];
  if (reduce === "epoch-mean") return [{ first: 0, last: steps, observers: [observer] }];
  return [
    { first: 0, last: steps - 1, observers: [] },
    { first: steps - 1, last: steps, observers: [observer] },
  ];
}
