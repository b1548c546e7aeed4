import { standingAmplification, standingLayers } from "../amplification";
import { isStreamed } from "../datasets/streams/read-split";
import { deriveSeed } from "../layers";
import { appendMeasured, type DirectionalityRow, type EpochRow, type MeasuredRows } from "../rows";
import { checkSetRate, ratesOfSteps } from "../spec";
import { BestWeights } from "./callbacks/best-weights";
import { Clock } from "./clock";
import { epochJob, isStopped } from "./epoch-job";
import { epochsSinceBest } from "./callbacks/epochs-since-best";
import { metricColumns, NO_SCORES, type Scores, SplitEvaluations } from "./evaluation/split-evaluations";
import { explainNonFinite } from "./find-non-finite";
import { ProgramCache } from "./program/program-cache";
import { StateTensors } from "./program/state-tensors";
import { WeightAverages } from "./program/weight-averages";
import { type EpochJob, type EpochOutcome, TrainingProgram } from "./program/training-program";
import { recordEpoch } from "./rows/record-epoch";
import { type MeasuredEpoch, RunMeasurement } from "./rows/run-measurement";
import { StageAmplification } from "./stages/stage-amplification";
import { type StagePeriod, stagePeriods } from "./stages/stage-periods";
import { stepsOfEpoch } from "./steps-of-epoch";
import type { Training } from "./training";
import { TrainingCallbacks } from "./callbacks/training-callbacks";
import { StepRows } from "./rows/step-rows";
import type { TrainingPosition } from "./training-state";

/** An epoch that is about to be trained. */
interface Epoch {
  readonly epoch: number;
  readonly program: TrainingProgram;
  readonly job: EpochJob;
  readonly measured: MeasuredEpoch;
  /** How many layers are amplified in it. */
  readonly amplifiedLayers: number;
}

const BEGINNING: TrainingPosition = { epoch: 0, step: 0, optimizerSteps: 0, stages: [], analysed: [] };

/**
 * Trains a model, stage by stage and epoch by epoch: each epoch is trained, measured, evaluated, recorded and kept as a
 * snapshot, from which training can go on.
 */
export class Trainer {
  readonly #training: Training;
  readonly #optimizer;
  readonly #state: StateTensors;
  readonly #programs: ProgramCache;
  /** With which the model is evaluated, where it is not with its weights. */
  readonly #averages: WeightAverages | null;
  readonly #measurement: RunMeasurement;
  readonly #evaluations: SplitEvaluations;
  readonly #clock: Clock;
  /** Where training was taken up. */
  readonly #from: TrainingPosition;
  /** What `ga.amplify` has left on the model holds for every epoch. */
  readonly #standing: { readonly layers: ReturnType<typeof standingLayers>; readonly described: string };
  #steps: number;
  #optimizerSteps: number;
  #analysed: readonly DirectionalityRow[];
  readonly #callbacks: TrainingCallbacks;
  readonly #stepRows: StepRows;
  readonly #best: BestWeights | null;
  /** Whether a callback has ended training. */
  #stopped = false;
  /** The rate that a callback has set; null where the schedule holds. */
  #rate: number | null;
  /** The last epoch of which there is a snapshot. */
  #kept: number;

  constructor(training: Training) {
    const { model, dataset, weights, options, recorder } = training;
    const variables = weights.map(({ variable }) => variable);
    this.#training = training;
    this.#optimizer = options.optimizer.start(variables);
    const { averageWeights } = options;
    this.#averages = averageWeights === undefined ? null : new WeightAverages(model, averageWeights);
    const context = {
      model,
      lossFunction: options.trainingLoss,
      variables,
      constraints: weights.map(({ constraint }) => constraint),
      optimizer: this.#optimizer,
      clipNorm: options.clipNorm,
      clipLayerNorm: options.clipLayerNorm,
      clipValue: options.clipValue,
      layers: weights.map(({ layer }) => layer),
      accumulate: options.accumulate ?? 1,
      averages: this.#averages,
      wantsNorm: options.logEvery !== undefined,
    };
    const seed = deriveSeed(options.seed, "layers");
    this.#programs = new ProgramCache(
      () => new TrainingProgram(context, dataset, options.batchSize, { ...options, seed }),
    );
    this.#state = new StateTensors(model, variables, this.#optimizer, this.#averages);
    this.#measurement = new RunMeasurement(model, weights, options.measure);
    this.#evaluations = new SplitEvaluations(model, dataset, options);
    this.#clock = new Clock(options.epochs);
    this.#standing = { layers: standingLayers(model), described: JSON.stringify(standingAmplification(model)) };
    this.#from = recorder.from ?? BEGINNING;
    this.#rate = this.#from.learningRate ?? null;
    this.#best = options.earlyStopping?.restoreBest ? new BestWeights(model) : null;
    this.#stepRows = new StepRows(options.logEvery ?? null, options.classifies);
    this.#callbacks = new TrainingCallbacks(
      options.callbacks,
      {
        stop: () => void (this.#stopped = true),
        setLearningRate: (rate) => void (this.#rate = rate === null ? null : checkSetRate(rate)),
      },
      (epoch, step, scalars) => this.#stepRows.log(epoch, step, scalars),
    );
    ({ step: this.#steps, optimizerSteps: this.#optimizerSteps } = this.#from);
    ({ analysed: this.#analysed, epoch: this.#kept } = this.#from);
  }

  /** Trains to the end, to an interrupt, or until the loss is not finite any more; says which in `run.status`. */
  async train(): Promise<void> {
    const { run, options, recorder } = this.#training;
    if (recorder.from) {
      this.#state.write(recorder.from.tensors);
      this.#best?.write(recorder.from.tensors);
    }
    this.#clock.skip(this.#from.epoch);
    await this.#snapshot(this.#from.epoch);
    for (const period of stagePeriods(options)) {
      if (this.#isOver()) break;
      if (period.last > this.#from.epoch) await this.#stage(period);
    }
    if (run.status === "diverged") return;
    const isAtEnd = this.#kept >= options.epochs;
    run.status = isAtEnd ? "finished" : this.#endsEarly() ? "stopped early" : "interrupted";
    if (run.status === "interrupted") return;
    this.#averages?.give();
    this.#best?.restore();
  }

  dispose(): void {
    this.#programs.dispose();
    this.#evaluations.dispose();
    this.#measurement.dispose();
    this.#best?.dispose();
    this.#averages?.dispose();
    this.#optimizer.dispose();
  }

  async #stage(period: StagePeriod): Promise<void> {
    const { run, model, options } = this.#training;
    const taken = this.#from.epoch;
    if (period.resetOptimizer && period.first > Math.max(1, taken)) {
      this.#optimizer.reset();
      this.#optimizerSteps = 0;
    }
    const stage = new StageAmplification(
      run,
      model,
      period,
      options,
      (epoch) => this.#rates(period, epoch, this.#steps)(0, 1)[0]!,
      this.#from,
    );
    try {
      const first = Math.max(period.first, taken + 1);
      for (let epoch = first; epoch <= period.last && !this.#isOver(); epoch++) await this.#epoch(stage, epoch);
    } finally {
      stage.end();
    }
  }

  async #epoch(stage: StageAmplification, number: number): Promise<void> {
    const epoch = this.#begin(stage, number);
    const before = this.#state.copy();
    try {
      const outcome = await epoch.program.trainEpoch(epoch.job);
      const isFinite = Number.isFinite(outcome.loss + outcome.penalty);
      // An epoch that an interrupt cut short is trained again when the run is taken up.
      if (isFinite && !outcome.isWhole) return;
      this.#clock.endTraining();
      const rows = await this.#measurement.read(epoch.measured, outcome.steps);
      if (!isFinite) await this.#diverge(epoch, outcome, before);
      this.#steps += outcome.steps;
      this.#optimizerSteps += outcome.steps;
      if (this.#training.run.status === "diverged") {
        const row = this.#record(epoch, outcome, NO_SCORES);
        this.#tell(row, rows);
        return;
      }
      if (epoch.measured.analyses) {
        stage.select(rows.directionality);
        this.#analysed = rows.directionality;
      }
      const scores = await this.#evaluate(number, outcome);
      const row = this.#record(epoch, outcome, scores ?? NO_SCORES);
      // An epoch whose evaluation was cut short is trained again, too.
      if (!scores) return this.#tell(row, rows);
      const { epochs } = this.#training.run;
      const { stopping } = this.#training.options;
      if (stopping && epochsSinceBest(epochs, stopping) === 0) await this.#evaluated(() => this.#best?.keep());
      const stopped = this.#stopped;
      await this.#callbacks.tell("onEpoch", this.#at(number), { row, epochs });
      // Who ends training here has the test split evaluated as any other end.
      if (this.#stopped && !stopped) Object.assign(row, await this.#evaluateLast(row));
      this.#tell(row, rows);
      await this.#snapshot(number);
    } finally {
      before.dispose();
    }
  }

  /** The epoch's scores; null where an interrupt cut the evaluation short. */
  #evaluate(epoch: number, outcome: EpochOutcome): Promise<Scores | null> {
    const { run, options } = this.#training;
    const { stopping, classifies } = options;
    return this.#evaluated(() =>
      this.#evaluations.score(epoch, {
        shouldStop: () => isStopped(this.#training),
        told: (split, evaluation) =>
          this.#callbacks.tell("onEvaluate", this.#at(epoch), { epoch, split, ...evaluation }),
        isLast: (validation) => {
          if (this.#stopped) return true;
          if (!stopping) return false;
          const row = {
            epoch,
            trainLoss: outcome.loss,
            trainAccuracy: classifies ? outcome.correct / outcome.samples : null,
            validationLoss: validation?.loss ?? null,
            validationAccuracy: validation?.accuracy ?? null,
            ...metricColumns("validation", validation),
          };
          return epochsSinceBest([...run.epochs, row], stopping) >= stopping.patience;
        },
      }),
    );
  }

  /** The test split's scores, where they are due at the end and the epoch has none; none where an interrupt cuts that short. */
  async #evaluateLast({ epoch, testLoss }: EpochRow): Promise<Partial<Scores>> {
    const { options, dataset } = this.#training;
    if (options.test !== "end" || !dataset.test || testLoss !== null) return {};
    return this.#evaluated(() =>
      this.#evaluations.test({
        shouldStop: () => isStopped(this.#training),
        told: (split, evaluation) =>
          this.#callbacks.tell("onEvaluate", this.#at(epoch), { epoch, split, ...evaluation }),
      }),
    );
  }

  /** Does something with the weights with which the model is evaluated. */
  async #evaluated<Result>(action: () => Result | Promise<Result>): Promise<Result> {
    return this.#averages ? this.#averages.during(action) : action();
  }

  /** The step that was done last, of an epoch. */
  #at(epoch: number): { epoch: number; step: number } {
    return { epoch, step: this.#steps };
  }

  /** The rates of an epoch's steps, counted in it from 0, where so many steps were done before it. */
  #rates({ learningRate }: StagePeriod, epoch: number, before: number): EpochJob["learningRates"] {
    const { dataset, options } = this.#training;
    const { epochs, optimizer, batchSize } = options;
    const stepsPerEpoch = stepsOfEpoch(dataset.train.size, batchSize);
    return (first, last) =>
      this.#rate !== null
        ? new Float64Array(last - first).fill(this.#rate)
        : learningRate === null
          ? ratesOfSteps(optimizer.learningRate, {
              epoch,
              epochs,
              stepsPerEpoch,
              first: before + first,
              count: last - first,
            })
          : new Float64Array(last - first).fill(learningRate);
  }

  /** Puts on the model what amplifies in an epoch, and lays out its steps. */
  #begin(stage: StageAmplification, epoch: number): Epoch {
    const { model } = this.#training;
    if (JSON.stringify(standingAmplification(model)) !== this.#standing.described)
      throw new Error(
        `Expected what ga.amplify left on ${model.name} to stay while it is trained but found it changed before ` +
          `epoch ${epoch}: amplify before training, or by its options`,
      );
    const { amplification, analyses } = stage.begin(epoch);
    const program = this.#programs.for(amplification);
    const measured = { epoch, before: this.#steps, analyses };
    this.#measurement.begin(measured);
    this.#stepRows.begin();
    this.#clock.startEpoch(epoch);
    const learningRates = this.#rates(stage.period, epoch, this.#steps);
    const before = this.#steps;
    const rate = (index: number) => learningRates(index, index + 1)[0]!;
    const job = epochJob(this.#training, this.#clock, {
      ...{ epoch, learningRates, steps: this.#steps, optimizerSteps: this.#optimizerSteps },
      stepRanges: (part) => this.#callbacks.cut(this.#measurement.stepRanges(measured, part), { epoch, before, rate }),
      onSteps: (first, seen, rates) => this.#stepRows.add(epoch, before + first, seen, (index) => rates[index]!),
      isEnded: () => this.#stopped,
    });
    const amplifiedLayers = new Set([...this.#standing.layers, ...(amplification?.layers ?? [])]).size;
    return { epoch, program, job, measured, amplifiedLayers };
  }

  /**
   * Says where the numbers of an epoch stopped being finite. With `onNonFinite: "stop"` the model becomes what it was
   * before the epoch, and the run has diverged.
   */
  async #diverge(
    { epoch, program, job }: Epoch,
    outcome: EpochOutcome,
    before: ReturnType<StateTensors["copy"]>,
  ): Promise<void> {
    const { run, weights, options, dataset } = this.#training;
    const repeats = isStreamed(dataset.train) ? dataset.train.repeats : "alike";
    const shouldStop = () => isStopped(this.#training);
    const state = this.#state;
    await explainNonFinite(run, {
      program,
      job: { ...job, shouldStop },
      weights,
      state,
      before,
      epoch,
      outcome,
      repeats,
    });
    if (options.onNonFinite === "record") return;
    before.restore();
    run.status = "diverged";
  }

  #record(epoch: Epoch, outcome: EpochOutcome, scores: Scores): EpochRow {
    const clock = this.#clock;
    // Of the last step, where it changes within the epoch.
    const { learningRate } = outcome;
    return recordEpoch(this.#training, { ...epoch, learningRate, outcome, scores, clock });
  }

  /** Hands an epoch's rows to who listens. */
  #tell(row: EpochRow, rows: MeasuredRows): void {
    const { run } = this.#training;
    const measured = { ...rows, steps: this.#stepRows.rows };
    appendMeasured(run, measured);
    run.emit("epoch", { row, ...measured });
  }

  /** Whether a callback or early stopping ends training. */
  #endsEarly(): boolean {
    const { run, options } = this.#training;
    const { stopping } = options;
    return this.#stopped || (stopping !== null && epochsSinceBest(run.epochs, stopping) >= stopping.patience);
  }

  /** Tells the recorder where training stands; tensors are read only where they are wanted. */
  async #snapshot(epoch: number): Promise<void> {
    const { run, recorder } = this.#training;
    this.#kept = epoch;
    const position: TrainingPosition = {
      epoch,
      step: this.#steps,
      optimizerSteps: this.#optimizerSteps,
      stages: [...run.stages],
      analysed: this.#analysed,
      ...(this.#rate === null ? {} : { learningRate: this.#rate }),
    };
    await recorder.onSnapshot?.({
      ...position,
      read: async () => ({
        ...position,
        tensors: new Map([...(await this.#state.read()), ...((await this.#best?.read()) ?? [])]),
      }),
    });
  }

  #isOver(): boolean {
    return isStopped(this.#training) || this.#training.run.status === "diverged" || this.#endsEarly();
  }
}
