import type { Split, StreamedSplit, TrainingData } from "../../datasets";
import type { LayersModel } from "../../tensorflow";
import { classesOf } from "../classes-of";
import { EvaluationProgram } from "./evaluation-program";
import type { ResolvedOptions } from "../resolve-options";
import type { EpochRow } from "../../rows";
import type { EvaluateWhen } from "../../spec";

/** The columns of an epoch row that evaluation fills. */
export type Scores = Pick<EpochRow, "validationLoss" | "validationAccuracy" | "testLoss" | "testAccuracy">;
/** Of an epoch on which nothing was evaluated. */
export const NO_SCORES: Scores = { validationLoss: null, validationAccuracy: null, testLoss: null, testAccuracy: null };

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

  /** The epoch's scores on the splits that are due; null where an interrupt cut the evaluation short. */
  async score(epoch: number, shouldStop: () => boolean): Promise<Scores | null> {
    const { dataset, options } = this;
    const due = (when: EvaluateWhen) => when === "epoch" || (when === "end" && epoch === options.epochs);
    const score = (split: Split | StreamedSplit | null, when: EvaluateWhen) =>
      split && due(when) ? this.#program(split).run(shouldStop) : null;
    const validation = await score(dataset.validation, options.validate);
    const test = await score(dataset.test, options.test);
    if (shouldStop()) return null;
    return {
      validationLoss: validation?.loss ?? null,
      validationAccuracy: validation?.accuracy ?? null,
      testLoss: test?.loss ?? null,
      testAccuracy: test?.accuracy ?? null,
    };
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
      });
    this.#programs.set(split, program);
    return program;
  }
}
