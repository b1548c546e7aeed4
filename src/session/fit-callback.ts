import { checkOptions } from "../options";
import type { Gradients } from "../gradients";
import { type NamedTensorMap, type Scalar, type Tensor, tf } from "../tensorflow";
import type { Run } from "../training";
import { MEASURED_RUN, MeasuredRun, type MeasuredRunOptions } from "./measured-run";

type Logs = Readonly<Record<string, number | Scalar>> | undefined;

/** A callback for `model.fit` and `model.fitDataset`, and the run that it makes. */
export type FitCallback = InstanceType<typeof tf.Callback> & {
  /** The run, from the first epoch on. @throws {Error} before training has begun */
  readonly run: Run;
};

interface PatchedOptimizer {
  applyGradients(gradients: Gradients | readonly { name: string; tensor: Tensor }[]): void;
  readonly learningRate?: number;
}

/** Between the optimizer and the gradients that `model.fit` hands to it. */
class MeasuringCallback extends tf.Callback {
  #measured: MeasuredRun | null = null;
  #release = () => {};
  #observed: Promise<void> = Promise.resolve();
  #samples = 0;

  constructor(readonly options: MeasuredRunOptions) {
    super();
  }

  get run(): Run {
    if (!this.#measured) throw new Error("Expected training to have begun but found no run yet: read run after fit");
    return this.#measured.run;
  }

  override async onTrainBegin(): Promise<void> {
    this.#release();
    const measured = new MeasuredRun(this.model, this.options);
    this.#measured = measured;
    const optimizer = this.model.optimizer as unknown as PatchedOptimizer;
    const apply = optimizer.applyGradients.bind(optimizer);
    optimizer.applyGradients = (gradients) => {
      const named = Array.isArray(gradients)
        ? Object.fromEntries(
            (gradients as { name: string; tensor: Tensor }[]).map(({ name, tensor }) => [name, tensor]),
          )
        : (gradients as NamedTensorMap);
      const learningRate = optimizer.learningRate;
      this.#observed = measured.observe(named, {
        ...(learningRate === undefined ? {} : { learningRate }),
        update: () => apply(gradients),
      });
      // Whoever awaits the batch's end is told.
      this.#observed.catch(() => undefined);
    };
    // The method is the class's again.
    this.#release = () => delete (optimizer as Partial<PatchedOptimizer>).applyGradients;
  }

  override async onBatchEnd(_: number, logs?: Logs): Promise<void> {
    this.#samples += Number(logs?.["size"] ?? 0);
    await this.#observed;
    const { steps } = this.#measured!.pending;
    const row = steps.at(-1);
    if (row && row.loss === null) row.loss = (await numbersOf({ loss: logs?.["loss"] }))["loss"] ?? null;
  }

  override async onEpochEnd(_: number, logs?: Logs): Promise<void> {
    const { loss, acc, val_loss: validationLoss, val_acc: validationAccuracy } = await numbersOf(logs ?? {});
    await this.#measured!.endEpoch({
      trainLoss: loss ?? Number.NaN,
      trainAccuracy: acc ?? null,
      validationLoss: validationLoss ?? null,
      validationAccuracy: validationAccuracy ?? null,
      samples: this.#samples,
    });
    this.#samples = 0;
  }

  override async onTrainEnd(): Promise<void> {
    this.#release();
    this.#release = () => {};
    this.#measured!.end();
  }
}

/** Numbers among what tfjs logs, which are scalars on the device where nobody has read them. */
async function numbersOf(
  logs: Readonly<Record<string, number | Scalar | undefined>>,
): Promise<Readonly<Record<string, number>>> {
  // prettier-ignore
  const found: Record<string, number> = {};
  for (const [name, value] of Object.entries(logs))
    if (value !== undefined) found[name] = typeof value === "number" ? value : (await value.data())[0]!;
  return found;
}

/**
 * A callback that measures the gradients of `model.fit` and `model.fitDataset`, with the rows of `ga.train`, and keeps them as a
 * run.
 *
 * Losses and accuracies are those that `fit` itself tells (of Keras's running means). Beside other callbacks it stands first in
 * the list, and they are instances of `tf.Callback` or `tf.CustomCallback`.
 *
 * @param options statistics, when, names, and the folder
 * @throws {TypeError | RangeError} if an option makes no sense
 *
 * @example
 * import * as ga from "gradamp";
 * const { tf } = ga;
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
 * model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
 * const measuring = ga.fitCallback({ statistics: ["gradientFlow", "updates"], logEvery: 1 });
 * await model.fit(tf.ones([12, 2]), tf.ones([12, 1]), { epochs: 2, batchSize: 4, verbose: 0, callbacks: measuring });
 * console.log(measuring.run.epochs.length, measuring.run.steps.length); // 2 6
 */
export function fitCallback(options: MeasuredRunOptions = {}): FitCallback {
  checkOptions("fitCallback", options, MEASURED_RUN);
  return new MeasuringCallback(options);
}
