import type { EngineName, Precision } from "./engines";
import type { NetworkName } from "./networks";
import type { PairedRatio } from "./paired-ratio";
import type { StepWork } from "./step-work";

/** Repeats of one thing. */
export interface Times {
  /** Median of the repeats. */
  readonly msPerStep: number;
  /** Interquartile range of the repeats, in milliseconds per step. */
  readonly spread: number;
  /** Milliseconds per step of each repeat. */
  readonly runs: readonly number[];
}

/** One engine on one network; of several variants the one with the lowest median. */
export interface Row extends Times {
  readonly network: NetworkName;
  readonly engine: EngineName;
  readonly precision: Precision;
  readonly batch: number;
  /** Which variant this is; null where there is one only. */
  readonly variant: string | null;
  /** The slower variants. */
  readonly others: readonly (Times & { readonly variant: string | null })[];
}

/** What a feature costs: speed with it as a fraction of the speed without, from interleaved pairs. */
export interface CostRow extends PairedRatio {
  readonly network: NetworkName;
  readonly engine: EngineName;
  readonly feature: string;
  /** Steps of each epoch that was timed. */
  readonly steps: number;
  /** The fraction that is to be reached; null for the control. */
  readonly atLeast: number | null;
  /**
   * What the feature adds to the work of an epoch's steps, as a fraction of it, counted from their graphs; null where
   * steps do not become graphs.
   */
  readonly added: StepWork | null;
}

/** What was to be measured and was not, and why. */
export interface LeftOut {
  readonly network: NetworkName;
  readonly what: string;
  readonly why: string;
  /** Whether something went wrong, as against something that this machine or version does not have. */
  readonly failed: boolean;
}
