import { setImmediate } from "node:timers/promises";
import { standingAmplification, standingLayers } from "../amplification";
import { type Dataset, epochPlan } from "../datasets";
import { type WeightTensor, weightTensors } from "../gradients";
import { deriveSeed } from "../layers";
import { trainableParameters } from "../models";
import type { LayersModel } from "../tensorflow";
import { Clock } from "./clock";
import { describeOptions } from "./describe-options";
import { explainNonFinite } from "./find-non-finite";
import { lossRemark } from "./loss";
import { Programs } from "./program/programs";
import { recordEpoch } from "./record-epoch";
import { type ResolvedOptions, resolveOptions } from "./resolve-options";
import { Run } from "./run";
import { RunMeasurement } from "./run-measurement";
import { NO_SCORES, SplitEvaluations } from "./evaluation/split-evaluations";
import { StageAmplification } from "./stages/stage-amplification";
import { stagePeriods } from "./stages/stage-periods";
import { StateTensors } from "./program/state-tensors";
import type { TrainOptions } from "../spec";
import { keepForRun, noteTraining } from "./trainings";
import { type EpochJob, TrainingProgram } from "./program/training-program";
import type { TrainingKeeper, TrainingPosition } from "./training-state";

/**
 * Begins to train a model and returns at once; `run.finished` settles when training has ended.
 *
 * Options are checked before this returns.  Events (`progress`, `stage`, `selection`, `epoch`, `warning`, `end`) come
 * while it goes on, and `run.stop()` ends it at the next step boundary.
 *
 * @param keeper who keeps the run, to take it up again later; nobody by default
 * @throws {TypeError | RangeError} if an option makes no sense for the model or the data
 * @throws {Error} where another run or `model.fit` is training the model, or one that shares layers with it; both are named
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
  const release = keepForRun(model, dataset, run);
  noteTraining(model, run);
  run.finished = train(run, model, dataset, weights, resolved, options.signal ?? null, keeper, release);
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
  release: () => void,
): Promise<Run> {
  // Listeners subscribe in the turn in which the run was made.
  await setImmediate();
  try {
    const remark = lossRemark(model, options.loss);
    if (remark) run.warn(remark);
    return await trainEpochs(run, model, dataset, weights, options, signal, keeper);
  } catch (error) {
    run.status = "failed";
    throw error;
  } finally {
    release();
    run.emit("end", { status: run.status });
  }
}

async function trainEpochs(
  run: Run,
  model: LayersModel,
  dataset: Dataset,
  weights: readonly WeightTensor[],
  options: ResolvedOptions,
  signal: AbortSignal | null,
  keeper: TrainingKeeper,
): Promise<Run> {
  const optimizer = options.optimizer.start(weights.map(({ variable }) => variable));
  const context = {
    model,
    lossFunction: options.lossFunction,
    variables: weights.map(({ variable }) => variable),
    constraints: weights.map(({ constraint }) => constraint),
    optimizer,
    clipNorm: options.clipNorm,
  };
  const shouldStop = () => run.stopRequested || (signal?.aborted ?? false);
  const clock = new Clock(options.epochs, dataset.train.size);
  const evaluations = new SplitEvaluations(model, dataset, options);
  const measurement = new RunMeasurement(model, weights, options.measure);
  const seed = deriveSeed(options.seed, "layers");
  // What ga.amplify has left on the model holds for every epoch.
  const standing = standingLayers(model);
  const left = JSON.stringify(standingAmplification(model));
  const programs = new Programs(() => new TrainingProgram(context, dataset, options.batchSize, { ...options, seed }));
  const state = new StateTensors(model, context.variables, optimizer);
  const beginning: TrainingPosition = keeper.from ?? { epoch: 0, step: 0, optimizerSteps: 0, stages: [], analysed: [] };
  let { step: steps, optimizerSteps, analysed, epoch: kept } = beginning;
  const keep = async (epoch: number) => {
    kept = epoch;
    const position = { epoch, step: steps, optimizerSteps, stages: [...run.stages], analysed };
    await keeper.onSnapshot?.({ ...position, read: async () => ({ ...position, tensors: await state.read() }) });
  };
  try {
    if (keeper.from) state.write(keeper.from.tensors);
    clock.skip(beginning.epoch);
    await keep(beginning.epoch);
    for (const period of stagePeriods(options)) {
      if (shouldStop() || run.status === "diverged") break;
      if (period.last <= beginning.epoch) continue;
      if (period.resetOptimizer && period.first > Math.max(1, beginning.epoch)) {
        optimizer.reset();
        optimizerSteps = 0;
      }
      const stage = new StageAmplification(run, model, period, options, beginning);
      try {
        const first = Math.max(period.first, beginning.epoch + 1);
        for (let epoch = first; epoch <= period.last && !shouldStop(); epoch++) {
          const learningRate = period.learningRate ?? options.optimizer.learningRate.at(epoch, options.epochs);
          if (JSON.stringify(standingAmplification(model)) !== left)
            throw new Error(
              `Expected what ga.amplify left on ${model.name} to stay while it is trained but found it changed before ` +
                `epoch ${epoch}: amplify before training, or by its options`,
            );
          const { amplification, analyses } = stage.begin(epoch);
          const amplifiedLayers = new Set([...standing, ...(amplification?.layers ?? [])]).size;
          const program = programs.for(amplification);
          const measured = { epoch, before: steps, steps: program.steps, analyses };
          clock.startEpoch(epoch);
          let finite = true;
          const job: EpochJob = {
            plan: epochPlan(dataset.train.size, {
              seed: deriveSeed(options.seed, "data"),
              epoch,
              augmentation: dataset.augmentation,
            }),
            learningRate,
            optimizerSteps,
            steps,
            stretches: measurement.stretches(measured),
            onStep(done, scores) {
              const { loss, correct, samples } = scores();
              finite &&= Number.isFinite(loss);
              run.emit("progress", {
                ...clock.progress(done, program.steps, options.batchSize),
                loss,
                accuracy: options.loss === "crossEntropy" ? correct / samples : null,
                trainLoss: run.epochs.at(-1)?.trainLoss ?? null,
              });
            },
            // What comes after a loss that is not finite is worth nothing.
            shouldStop: () => shouldStop() || (!finite && options.onNonFinite === "stop"),
          };
          const before = state.copy();
          try {
            const outcome = await program.trainEpoch(job);
            finite &&= Number.isFinite(outcome.loss);
            if (finite && outcome.samples < dataset.train.size) break;
            clock.endTraining();
            const rows = await measurement.read(measured);
            if (!finite) {
              await explainNonFinite(run, {
                program,
                job: { ...job, shouldStop },
                weights,
                state,
                before,
                epoch,
                outcome,
              });
              if (options.onNonFinite === "stop") {
                before.restore();
                run.status = "diverged";
              }
            }
            const diverged = run.status === "diverged";
            if (analyses && !diverged) {
              stage.select(rows.directionality);
              analysed = rows.directionality;
            }
            steps += outcome.steps;
            optimizerSteps += outcome.steps;
            const scores = diverged ? null : await evaluations.score(epoch, shouldStop);
            recordEpoch(
              run,
              options,
              { epoch, learningRate, outcome, measured: rows, scores: scores ?? NO_SCORES },
              {
                seconds: clock.epochSeconds(),
                imagesPerSecond: outcome.samples / clock.trainingSeconds(),
                amplifiedLayers,
              },
            );
            if (diverged) break;
            // An epoch whose evaluation was cut short is trained again when the run is taken up.
            if (scores) await keep(epoch);
          } finally {
            before.dispose();
          }
        }
      } finally {
        stage.end();
      }
    }
    if (run.status !== "diverged") run.status = kept < options.epochs ? "interrupted" : "finished";
    return run;
  } finally {
    programs.dispose();
    evaluations.dispose();
    measurement.dispose();
    optimizer.dispose();
  }
}
