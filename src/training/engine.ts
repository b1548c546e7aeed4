import type { Dataset } from "../datasets";
import type { StatisticColumn } from "../gradients";
import type { StepContext } from "./training-step";

/** One epoch of training, as an engine gets it. */
export interface EpochJob {
  readonly context: StepContext;
  readonly dataset: Dataset;
  /** What `epochPlan` returned: which sample is seen when, and how it is cut. */
  readonly plan: Int32Array;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Steps the optimizer has done since it was new or last reset. */
  readonly optimizerSteps: number;
  readonly measure: { readonly columns: readonly StatisticColumn[]; readonly reduce: "last" | "epoch-mean" } | null;
  /** Called after each step with the number of steps done in this epoch. */
  onStep(done: number): void;
  /** Asked between steps. */
  shouldStop(): boolean;
}

/** What came of it. */
export interface EpochOutcome {
  /** Steps done; fewer than the epoch has where it was stopped. */
  readonly steps: number;
  readonly samples: number;
  /** Mean over the samples seen. */
  readonly loss: number;
  /** Rightly classified samples. */
  readonly correct: number;
  /** `[tensors × columns]`, or null where nothing was measured. */
  readonly measured: Float32Array | null;
}

/** Something that runs training steps: op by op, or compiled. */
export interface Engine {
  readonly name: string;
  trainEpoch(job: EpochJob): Promise<EpochOutcome>;
}
