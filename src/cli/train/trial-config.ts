import type { OptimizerName } from "../../spec";
import type { TrialOptimizer, TrialRate, TrialSpec } from "../../experiments";

/** How a trial is kept, and when it ends; nothing of it decides a number. */
export interface TrialRunSettings {
  readonly checkpointEvery?: number;
  readonly keep?: readonly number[];
  readonly keepLast?: boolean;
  readonly tensorBoard?: boolean;
  readonly deterministic?: boolean;
  readonly until?: number | null;
}

/** What `--config` may hold: a trial, of which all but model and dataset may be left out, and how to run it. */
export interface TrialConfig extends Partial<Omit<TrialSpec, "optimizer">> {
  readonly version?: number;
  /** With its rate, where that does not stand beside it. */
  readonly optimizer?: Partial<Omit<TrialOptimizer, "name">> & {
    readonly name: OptimizerName;
    readonly learningRate?: TrialRate;
  };
  /** `engine`, `precision` and `onNonFinite` stood here once. */
  readonly run?: TrialRunSettings & Pick<TrialSpec, "engine" | "precision" | "onNonFinite">;
  /** `FOLDER@EPOCH`. */
  readonly from?: string | null;
}
