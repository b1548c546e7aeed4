import { plannedBatch } from "../../datasets/batches/training-batch";
import type { Columns, Part, PartReader, TrainingData } from "../../datasets";
import type { EpochPart, Measurement } from "../../gradients";
import { type Compiler, createLoop, type EngineName, type Loop, type Precision } from "../../graph";
import { type Scalar, type Tensor, type Tensor1D, type Tensor2D, tf, withDeviceRandom } from "../../tensorflow";
import { soughtIn } from "../sought-in";
import { augmentBatch, type BatchAugmenter } from "../augment/augment-batch";
import { untilStopped } from "../until-stopped";
import { trainingStep } from "./training-step";
import type { StepContext } from "./step-context";
import { HISTORY_STEPS, StepHistory, type StepSeen } from "./step-history";

/** Steps that follow each other with the same measurements in. */
export interface StepRange {
  /** Index of the first step in the epoch, from 0. */
  readonly first: number;
  /** Index after the last step. */
  readonly last: number;
  readonly measurements: readonly Measurement[];
  /** Awaited once its steps are done, before the next range begins; told of the epoch so far. */
  after?(scores: () => Promise<EpochScores>): Promise<void>;
}

/** One epoch of training. */
export interface EpochJob {
  /** Its samples in their order, part after part; may be called again for the same epoch. */
  read(): PartReader;
  /** The rates of its steps from `first` up to `last`, from 0. */
  learningRates(first: number, last: number): Float64Array;
  /** Steps the optimizer has done since it was new or last reset. */
  readonly optimizerSteps: number;
  /** Steps done since the run began. */
  readonly steps: number;
  /** How a part's steps are measured: its steps in order, from `first` on. */
  stepRanges(part: EpochPart): readonly StepRange[];
  /** Called now and then with the number of steps done in this epoch, and with the scores of these steps. */
  onStep(done: number, scores: () => EpochScores): void;
  /**
   * Told of steps that were done, in their order, before what is awaited after the last of them; where the context wants the norms
   * of gradients.
   *
   * @param first index of the first of them in the epoch, from 0
   */
  onSteps?(first: number, seen: readonly StepSeen[], rates: Float64Array): void;
  /** Asked between steps. */
  shouldStop(): boolean;
}

/** What a step gets: its index in the epoch, and beside it what holds for all steps of a part. */
type StepInputs = [
  index: Scalar,
  plan: Tensor2D,
  begun: Scalar,
  learningRates: Tensor1D,
  optimizerSteps: Scalar,
  seed: Tensor1D,
  ...columns: Tensor[],
];

/** How a program runs. */
export interface ProgramOptions {
  readonly engine: EngineName;
  readonly precision: Precision;
  /** Default: `"none"`. */
  readonly compiler?: Compiler | undefined;
  /** Of what layers draw, dropout and noise, and of what batches are augmented with. */
  readonly seed: number;
  /** How batches are varied, beside the data set's crops and mirroring. Default: not at all. */
  readonly augmenter?: BatchAugmenter | null;
}

/** What training itself tells of the model: from each batch before its update. */
export interface EpochScores {
  /** Samples seen. */
  readonly samples: number;
  /** Mean over the samples seen, without penalties. */
  readonly loss: number;
  /** What regularizers add to it, mean over the samples seen; 0 for none. */
  readonly penalty: number;
  /** Rightly classified samples. */
  readonly correct: number;
}

/** What came of an epoch. */
export interface EpochOutcome extends EpochScores {
  /** Steps done. */
  readonly steps: number;
  /** The rate of the last of them. */
  readonly learningRate: number;
  /** Whether that is all of the epoch; it may have been stopped. */
  readonly isWhole: boolean;
}

/**
 * Epochs of training on a data set, every step alike but for batch, rate and step number, which are inputs.
 *
 * Steps are traced as the model is at their first run: a program lives as long as the model's amplification does.
 */
export class TrainingProgram {
  readonly #loops: { rows: number; measurements: readonly Measurement[]; loop: Loop }[] = [];
  /** Samples, Σ loss × samples, Σ rightly classified samples and Σ penalty × samples of the epoch. */
  readonly #totals = tf.tidy(() => tf.variable(tf.zeros([4]) as Tensor1D, false));

  readonly #history: StepHistory | null;
  /** The rate of the last step. */
  #rate = 0;

  constructor(
    readonly context: StepContext,
    readonly dataset: TrainingData,
    readonly batchSize: number,
    readonly options: ProgramOptions,
  ) {
    this.#history = context.wantsNorm ? new StepHistory() : null;
  }

  async trainEpoch(job: EpochJob): Promise<EpochOutcome> {
    tf.tidy(() => this.#totals.assign(tf.zeros([4])));
    const reader = job.read();
    let done = 0;
    let isWhole = false;
    try {
      for (;;) {
        const part = await untilStopped(reader.next(), () => job.shouldStop());
        if (!part) break;
        try {
          const steps = await this.#trainPart(job, part, done);
          done += steps;
          isWhole = part.isLast && steps === Math.ceil(part.size / this.batchSize);
          if (part.isLast || steps < Math.ceil(part.size / this.batchSize)) break;
        } finally {
          part.dispose();
        }
      }
    } finally {
      reader.close();
    }
    return { steps: done, isWhole, learningRate: this.#rate, ...scores(await this.#totals.data<"float32">()) };
  }

  /** @returns how many of its steps were done */
  async #trainPart(job: EpochJob, part: Part, begun: number): Promise<number> {
    const { size, isLast } = part;
    const steps = Math.ceil(size / this.batchSize);
    const inputs = [
      tf.tensor2d(part.plan, [part.plan.length / 4, 4], "int32"),
      tf.scalar(begun, "int32"),
      tf.scalar(job.optimizerSteps, "int32"),
      tf.tensor1d([this.options.seed, job.steps], "int32"),
    ];
    let known = job.learningRates(begun, begun + steps);
    let rates = tf.tensor1d(Float32Array.from(known));
    let done = begun;
    try {
      const stepRanges = job.stepRanges({ first: begun, last: begun + steps, isLast });
      for (const { first, last, measurements, after } of this.#byBatchSize(stepRanges, begun, size)) {
        const rows = Math.min(size, (last - begun) * this.batchSize) - (last - 1 - begun) * this.batchSize;
        const loop = this.#loop(rows, measurements, part);
        const before = done;
        done += await loop.run({
          ...{ first, last, inputs: [...inputs.slice(0, 2), rates, ...inputs.slice(2), ...part.tensors] },
          onStep: (steps) => job.onStep(before + steps, () => scores(loop.read(this.#totals))),
          shouldStop: () => job.shouldStop(),
        });
        if (done > before) this.#rate = known[done - 1 - begun]!;
        if (done > before && this.#history && job.onSteps) {
          const seen = await this.#history.read(done - before);
          job.onSteps(before, seen, known.slice(before - begun, done - begun));
        }
        if (done < last) break;
        if (!after) continue;
        await after(async () => scores(await this.#totals.data<"float32">()));
        if (job.shouldStop()) break;
        // Who was told may have set another.
        rates.dispose();
        known = job.learningRates(begun, begun + steps);
        rates = tf.tensor1d(Float32Array.from(known));
      }
      return done - begun;
    } finally {
      tf.dispose([inputs, rates]);
    }
  }

  dispose(): void {
    for (const { loop } of this.#loops) loop.dispose();
    this.#totals.dispose();
    this.#history?.dispose();
  }

  /** Step ranges, with a smaller last batch as one of its own: a trace holds for one batch size. */
  #byBatchSize(stepRanges: readonly StepRange[], begun: number, size: number): StepRange[] {
    const whole = begun + Math.floor(size / this.batchSize);
    return stepRanges.flatMap(({ after, ...range }) => {
      const parts = [
        { ...range, last: Math.min(range.last, whole) },
        { ...range, first: Math.max(range.first, whole) },
      ]
        .filter(({ first, last }) => first < last)
        .flatMap((part) => (this.#history ? inParts(part, HISTORY_STEPS) : [part]));
      return parts.map((part, at) => (after && at === parts.length - 1 ? { ...part, after } : part));
    });
  }

  #loop(rows: number, measurements: readonly Measurement[], { columns }: Part): Loop {
    const same = (others: readonly Measurement[]) =>
      others.length === measurements.length && others.every((other, at) => other === measurements[at]);
    const known = this.#loops.find((entry) => entry.rows === rows && same(entry.measurements));
    if (known) return known.loop;
    const step = (...inputs: Tensor[]) => this.#step(rows, measurements, columns, inputs as never);
    const { engine, precision, compiler = "none", seed } = this.options;
    const loop = createLoop(step, { engine, precision, compiler, seed, readable: [this.#totals], name: "train" });
    this.#loops.push({ rows, measurements, loop });
    return loop;
  }

  #step(
    rows: number,
    measurements: readonly Measurement[],
    columns: (tensors: readonly Tensor[]) => Columns,
    [index, plan, begun, learningRates, optimizerSteps, seed, ...tensors]: StepInputs,
  ): void {
    const start = tf.mul(tf.sub(index, begun), tf.scalar(this.batchSize, "int32"));
    const positions = tf.add<Tensor1D>(tf.range(0, rows, 1, "int32"), start);
    const over = columns(tensors);
    const plain = plannedBatch(this.dataset, over, plan, positions);
    const step = tf.cast<Scalar>(tf.add(tf.add(optimizerSteps, index), tf.scalar(1, "int32")), "float32");
    const learningRate = tf.gather(learningRates, tf.sub(index, begun)) as Tensor as Scalar;
    const own = tf.add<Tensor1D>(seed, tf.stack([tf.scalar(0, "int32"), index]));
    const { augmenter } = this.options;
    const { loss, penalty, correct, gradientNorm } = withDeviceRandom(own, () => {
      const batch = augmenter ? augmentBatch(plain, over, this.dataset, augmenter) : plain;
      return trainingStep(
        this.context,
        batch.inputs,
        soughtIn(batch),
        { learningRate, step },
        measurements,
        batch.weights,
      );
    });
    const penalised = penalty ? tf.mul(penalty, rows) : tf.scalar(0);
    this.#totals.assign(tf.add(this.#totals, tf.stack([tf.scalar(rows), tf.mul(loss, rows), correct, penalised])));
    if (gradientNorm) this.#history?.append({ loss, gradientNorm, correct, samples: rows });
    if (penalty) tf.dispose([loss, penalty]);
    correct.dispose();
  }
}

/** Steps of a range in parts of at most so many. */
function inParts<Range extends { readonly first: number; readonly last: number }>(range: Range, most: number): Range[] {
  const parts = Math.ceil((range.last - range.first) / most);
  return Array.from({ length: parts }, (_, at) => {
    const first = range.first + at * most;
    return { ...range, first, last: Math.min(range.last, first + most) };
  });
}

function scores([samples = 0, loss = 0, correct = 0, penalty = 0]: Float32Array): EpochScores {
  const whole = Math.max(1, samples);
  return { samples, loss: loss / whole, penalty: penalty / whole, correct };
}
