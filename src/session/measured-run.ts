import { checkModel, checkOptions, type KindsOf, oneOf, either, text, whole } from "../options";
import { type Gradients, measure, type ModelMeasurement, type ObserveOptions, weightTensors } from "../gradients";
import { trainableParameters } from "../models";
import { appendMeasured, emptyMeasuredRows, type EpochRow, type MeasuredRows, type StepRow } from "../rows";
import { saveRun } from "../runs";
import { checkFree } from "../runs/save-run";
import { MEASURE, type MeasureOptions } from "../spec";
import { type LayersModel, type Scalar, type Tensor, tf } from "../tensorflow";
import { Run } from "../training";
import { normOfAll } from "../training/program/clip-gradients";

/** What is measured in a training that is not gradamp's own, and where it is kept. */
export interface MeasuredRunOptions extends Pick<MeasureOptions, "statistics" | "histogram"> {
  /** `"epoch"`: the mean over all steps of each epoch. A number n: every n-th step. Default: `"epoch"`. */
  every?: "epoch" | number;
  /** A row in `run.steps` every so many steps: loss, rate, norm of the gradients. Default: none. */
  logEvery?: number;
  /** What the run is called. Default: the model's name. */
  name?: string;
  /** What the data are called. Default: `"own data"`. */
  dataset?: string;
  /** A folder that the run is written to at its end; it must hold none. Default: nothing is kept. */
  save?: string;
}

/** What each of these may be. */
export const MEASURED_RUN: KindsOf<MeasuredRunOptions> = {
  statistics: MEASURE.statistics.kind,
  histogram: MEASURE.histogram.kind,
  every: either(oneOf("epoch"), whole(1), 'to be "epoch" or a whole number above 0'),
  logEvery: whole(1),
  name: text,
  dataset: text,
  save: text,
};

/** What a step of one's own showed. */
export interface StepOfOwn extends ObserveOptions {
  /** Mean over the batch, a number or a tensor, which stays the caller's. Default: unknown. */
  loss?: number | Scalar;
  /** Default: unknown. */
  learningRate?: number;
}

/** What an epoch of one's own showed; what is left out is unknown. */
export interface EpochOfOwn extends Partial<Omit<EpochRow, "epoch" | "trainLoss" | "seconds" | "imagesPerSecond">> {
  /** Mean over the samples. */
  trainLoss: number;
  /** Training samples of the epoch. */
  samples?: number;
}

/**
 * A run of a training loop of one's own, or of `model.fit`: with the rows, the events and the folder of `ga.train`'s, so that
 * figures, tables, `ga.watch` and `ga.runs` take it as one of these.
 */
export class MeasuredRun {
  /** The run, whose rows grow as the training goes on. */
  readonly run: Run;
  readonly #measured: ModelMeasurement;
  readonly #options: MeasuredRunOptions;
  readonly #count: number;
  #rows = emptyMeasuredRows();
  #step = 0;
  #seen = 0;
  #learningRate = Number.NaN;
  #began = performance.now();

  /**
   * @param model any `tf.LayersModel`
   * @param options statistics, when, names, and the folder
   */
  constructor(model: LayersModel, options: MeasuredRunOptions = {}) {
    checkOptions("measuredRun", options, MEASURED_RUN);
    checkModel(model);
    const { name = model.name, dataset = "own data", statistics = ["gradientFlow"], histogram, every = "epoch", logEvery } = options; // prettier-ignore
    if (options.save !== undefined) checkFree(options.save);
    this.#options = { ...options, every };
    this.#measured = measure(model, { statistics, ...(histogram ? { histogram } : {}) });
    this.#count = weightTensors(model).length;
    const asked = { measure: { statistics, every, ...(histogram ? { histogram } : {}) } };
    this.run = new Run(name, model.name, trainableParameters(model), dataset, {
      ...asked,
      ...(logEvery === undefined ? {} : { logEvery }),
    });
  }

  /**
   * Takes up a step: its gradients, and what else is known of it. With `update` it does the update, before anything is awaited.
   *
   * @param gradients as `tf.variableGrads` gives them, or one a weight tensor; they stay the caller's
   * @throws {TypeError} if the gradients are not the model's
   */
  async observe(gradients: Gradients, { loss, learningRate, ...more }: StepOfOwn = {}): Promise<void> {
    const { every, logEvery } = this.#options;
    const epoch = this.run.epochs.length + 1;
    const step = ++this.#step;
    if (learningRate !== undefined) this.#learningRate = learningRate;
    const isDue = every === "epoch" || step % every! === 0;
    const isLogged = logEvery !== undefined && step % logEvery === 0;
    // Kept, since the step may be in a tidy that ends before they are read.
    const norm = isLogged ? tf.keep(tf.tidy(() => normOfAll(this.#listOf(gradients)))) : null;
    // The loss may be disposed of by whoever gave it, once this returns.
    const kept = isLogged && loss instanceof tf.Tensor ? tf.keep(loss.clone() as Scalar) : loss;
    if (isDue) {
      this.#measured.observe(gradients, more);
      this.#seen++;
    } else more.update?.();
    if (isDue && every !== "epoch") {
      appendMeasured(this.#rows, await this.#measured.read({ epoch, step }));
      this.#seen = 0;
    }
    if (!norm) return;
    const row: StepRow = {
      ...{ epoch, step, loss: await numberOf(kept), accuracy: null, learningRate: learningRate ?? null },
      gradientNorm: (await norm.data())[0]!,
    };
    this.#rows.steps.push(row);
    tf.dispose([norm, ...(kept instanceof tf.Tensor ? [kept] : [])]);
  }

  /** The rows of the epoch that goes on, which come to the run with its end. */
  get pending(): MeasuredRows {
    return this.#rows;
  }

  /** Ends an epoch: its row, and those of what was measured in it. */
  async endEpoch({ samples, ...scores }: EpochOfOwn): Promise<void> {
    const { run } = this;
    const epoch = run.epochs.length + 1;
    const seconds = (performance.now() - this.#began) / 1000;
    if (this.#seen > 0 && this.#options.every === "epoch")
      appendMeasured(this.#rows, await this.#measured.read({ epoch, step: this.#step }));
    this.#seen = 0;
    const row: EpochRow = {
      ...{ epoch, learningRate: this.#learningRate, trainAccuracy: null, validationLoss: null },
      ...{ validationAccuracy: null, testLoss: null, testAccuracy: null, amplifiedLayers: 0 },
      ...scores,
      ...{ seconds, imagesPerSecond: samples === undefined ? Number.NaN : samples / seconds },
    };
    const rows = this.#rows;
    this.#rows = emptyMeasuredRows();
    this.#began = performance.now();
    run.epochs.push(row);
    appendMeasured(run, rows);
    run.emit("epoch", { row, ...rows });
  }

  /** Ends the run, writes it to its folder where it has one, and frees what measuring held. */
  end(): Run {
    const { run } = this;
    if (run.status !== "running") return run;
    this.#measured.dispose();
    run.status = "finished";
    if (this.#options.save !== undefined) saveRun(run, this.#options.save);
    run.emit("end", { status: run.status });
    return run;
  }

  #listOf(gradients: Gradients): readonly Tensor[] {
    const list = (Array.isArray(gradients) ? gradients : Object.values(gradients)) as readonly Tensor[];
    if (list.length > this.#count)
      throw new TypeError(`Expected ${this.#count} gradients, one a weight tensor, but found ${list.length}`);
    return list;
  }
}

/**
 * Measures a training loop of your own, with the rows of `ga.train`, and keeps them as a run.
 *
 * @param model any `tf.LayersModel`
 * @param options statistics, when, names, and the folder
 * @throws {TypeError | RangeError} if an option makes no sense, or the model has no trainable weights
 *
 * @example
 * import * as ga from "gradamp";
 * const { tf } = ga;
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
 * const optimizer = tf.train.sgd(0.1);
 * const x = tf.ones([4, 2]);
 * const measured = ga.measuredRun(model, { logEvery: 1 });
 * for (let epoch = 0; epoch < 2; epoch++) {
 *   for (let step = 0; step < 3; step++) {
 *     const { value: loss, grads } = tf.variableGrads(() => (model.apply(x, { training: true }) as ga.Tensor).square().mean());
 *     await measured.observe(grads, { loss, learningRate: 0.1, update: () => optimizer.applyGradients(grads) });
 *   }
 *   await measured.endEpoch({ trainLoss: measured.run.steps.at(-1)?.loss ?? NaN, samples: 12 });
 * }
 * const run = measured.end();
 * console.log(run.epochs.length, run.steps.length, run.gradients.length); // 2 6 4
 */
export function measuredRun(model: LayersModel, options: MeasuredRunOptions = {}): MeasuredRun {
  return new MeasuredRun(model, options);
}

async function numberOf(value: number | Scalar | undefined): Promise<number | null> {
  if (value === undefined) return null;
  return typeof value === "number" ? value : (await value.data())[0]!;
}
