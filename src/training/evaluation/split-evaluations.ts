import type { Split, StreamedSplit, TrainingData } from "../../datasets";
import type { LayersModel } from "../../tensorflow";
import { classesOf } from "../classes-of";
import { type Evaluation, EvaluationProgram } from "./evaluation-program";
import type { ResolvedOptions } from "../resolve-options";
import type { EpochRow } from "../../rows";
import type { EvaluateWhen } from "../../spec";

/** The columns of an epoch row that evaluation fills. */
export type Scores = Pick<EpochRow, "validationLoss" | "validationAccuracy" | "testLoss" | "testAccuracy"> &
  Readonly<Record<string, number | null>>;
/** Of an epoch on which nothing was evaluated. */
export const NO_SCORES: Scores = { validationLoss: null, validationAccuracy: null, testLoss: null, testAccuracy: null };

/** A split's metrics as columns of an epoch row. */
export function metricColumns(split: "validation" | "test", evaluation: Evaluation | null): Record<string, number> {
  const entries = Object.entries(evaluation?.metrics ?? {});
  return Object.fromEntries(entries.map(([ending, value]) => [split + ending, value]));
}

/** Samples at a time: larger than in training, since nothing is kept for a way back. */
const BATCH_SIZE = 250;

/** The evaluations of a run: its splits, each when it is due. */
export class SplitEvaluations {
  readonly #programs = new Map<Split | StreamedSplit, EvaluationProgram>();

  constructor(
    readonly model: LayersModel,
    readonly dataset: TrainingData,
    readonly options: ResolvedOptions,
  ) {}

  /**
   * The epoch's scores on the splits that are due; null where an interrupt cut the evaluation short.
   *
   * @param told awaited after each split
   * @param isLast whether training ends with this epoch, by its number and its scores on the validation split
   */
  async score(
    epoch: number,
    {
      shouldStop,
      told,
      isLast,
    }: {
      shouldStop(): boolean;
      told(split: "validation" | "test", evaluation: Evaluation): Promise<void>;
      isLast(validation: Evaluation | null): boolean;
    },
  ): Promise<Scores | null> {
    const { dataset, options } = this;
    const score = async (name: "validation" | "test", when: EvaluateWhen, atEnd: () => boolean) => {
      const split = dataset[name];
      if (!split || !(when === "epoch" || (when === "end" && atEnd()))) return null;
      const found = await this.#program(split).run(shouldStop);
      if (!shouldStop()) await told(name, found);
      return found;
    };
    const validation = await score("validation", options.validate, () => epoch === options.epochs);
    const test = await score("test", options.test, () => epoch === options.epochs || isLast(validation));
    if (shouldStop()) return null;
    return {
      validationLoss: validation?.loss ?? null,
      validationAccuracy: validation?.accuracy ?? null,
      testLoss: test?.loss ?? null,
      testAccuracy: test?.accuracy ?? null,
      ...metricColumns("validation", validation),
      ...metricColumns("test", test),
    };
  }

  /** The test split's scores, of the model as it is; none where an interrupt cut them short. */
  async test({
    shouldStop,
    told,
  }: {
    shouldStop(): boolean;
    told(split: "test", evaluation: Evaluation): Promise<void>;
  }): Promise<Partial<Scores>> {
    const found = await this.#program(this.dataset.test!).run(shouldStop);
    if (shouldStop()) return {};
    await told("test", found);
    return { testLoss: found.loss, testAccuracy: found.accuracy, ...metricColumns("test", found) };
  }

  dispose(): void {
    for (const program of this.#programs.values()) program.dispose();
  }

  #program(split: Split | StreamedSplit): EvaluationProgram {
    const { model, dataset, options } = this;
    const known = this.#programs.get(split);
    const program =
      known ??
      new EvaluationProgram(model, dataset, split, options.lossFunction, {
        engine: options.engine,
        batchSize: BATCH_SIZE,
        classes: classesOf({ model, dataset, options }),
        metrics: options.resolvedMetrics,
      });
    this.#programs.set(split, program);
    return program;
  }
}
