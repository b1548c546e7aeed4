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
import { explainNonFinite } from "./find-non-finite";
import { recordEpoch } from "./record-epoch";
import { type ResolvedOptions, resolveOptions } from "./resolve-options";
import { Run } from "./run";
import { NO_SCORES, SplitEvaluations } from "./split-evaluations";
import { stagePeriods } from "./stage-periods";
import { startStage } from "./start-stage";
import { StateTensors } from "./state-tensors";
import type { TrainOptions } from "./train-options";
import { type EpochJob, type Stretch, TrainingProgram } from "./training-program";
import type { TrainingKeeper } from "./training-state";

/**
 * Begins to train a model and returns at once; `run.finished` settles when training has ended.
 *
 * Options are checked before this returns.  Events (`progress`, `stage`, `epoch`, `end`) come while it goes on, and
 * `run.stop()` ends it at the next step boundary.
 *
 * @param keeper who keeps the run, to take it up again later; nobody by default
 * @throws {TypeError | RangeError} if an option makes no sense for the model or the data
 *
 * @example
 * import * as ga from "gradamp";
 * const data = ga.embedded({ train: 100, validation: 50, test: 50 });
 * const run = ga.startTraining(ga.vgg08({ classes: 10 }), data, { epochs: 1 });
 * run.on("epoch", ({ row }) => console.log(row.trainLoss));
 * await run.finished;
 */
export function startTraining(
  model: LayersModel,
  dataset: Dataset,
  options: TrainOptions = {},
  keeper: TrainingKeeper = {},
): Run {
  const resolved = resolveOptions(model, dataset, options);
  const weights = weightTensors(model);
  if (weights.length === 0) throw new TypeError(`Expected ${model.name} to have trainable weights but found none`);
  const run = new Run(resolved.name, model.name, trainableParameters(model), dataset.name, describeOptions(resolved));
  run.finished = train(run, model, dataset, weights, resolved, options.signal ?? null, keeper);
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
  keeper: TrainingKeeper,
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
  const state = new StateTensors(model, context.variables, optimizer);
  const from = keeper.from ?? null;
  let steps = from?.step ?? 0;
  let optimizerSteps = from?.optimizerSteps ?? 0;
  let kept = 0;
  const keep = async (epoch: number) => {
    kept = epoch;
    const position = { epoch, step: steps, optimizerSteps, stages: [...run.stages] };
    await keeper.onSnapshot?.({ ...position, read: async () => ({ ...position, tensors: await state.read() }) });
  };
  try {
    if (from) await state.write(from.tensors);
    const done = from?.epoch ?? 0;
    clock.skip(done);
    await keep(done);
    for (const period of stagePeriods(options)) {
      if (shouldStop() || run.status === "diverged") break;
      if (period.last <= done) continue;
      const resumed = period.first <= done;
      if (period.resetOptimizer && period.first > 1 && !resumed) {
        optimizer.reset();
        optimizerSteps = 0;
      }
      const amplification = startStage(run, model, period, options, { resumed });
      const program = new TrainingProgram(context, dataset, options.batchSize);
      try {
        for (let epoch = Math.max(period.first, done + 1); epoch <= period.last && !shouldStop(); epoch++) {
          const learningRate = period.learningRate ?? options.optimizer.learningRate.at(epoch, options.epochs);
          const seed = deriveSeed(options.seed, "data");
          clock.startEpoch(epoch);
          observer?.reset();
          const job: EpochJob = {
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
          };
          const beginning = state.copy();
          try {
            const outcome = await program.trainEpoch(job);
            if (outcome.samples < dataset.train.size) break;
            clock.endTraining();
            const measured = (await observer?.read()) ?? null;
            const finite = Number.isFinite(outcome.loss);
            if (!finite)
              await explainNonFinite(run, { program, job, weights, state, beginning, epoch, steps, outcome });
            if (!finite && options.onNonFinite === "stop") {
              beginning.restore();
              run.status = "diverged";
            }
            steps += outcome.steps;
            optimizerSteps += outcome.steps;
            const scores = run.status === "diverged" ? null : await evaluations.score(epoch, shouldStop);
            recordEpoch(
              run,
              weights,
              options,
              { epoch, step: steps, learningRate, outcome, measured, scores: scores ?? NO_SCORES },
              {
                seconds: clock.epochSeconds(),
                imagesPerSecond: outcome.samples / clock.trainingSeconds(),
                amplifiedLayers: amplification?.layers.length ?? 0,
              },
            );
            if (run.status === "diverged") break;
            // An epoch whose evaluation was cut short is trained again when the run is taken up.
            if (scores) await keep(epoch);
          } finally {
            beginning.dispose();
          }
        }
      } finally {
        program.dispose();
        amplification?.remove();
      }
    }
    if (run.status !== "diverged") run.status = kept < options.epochs ? "interrupted" : "finished";
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
