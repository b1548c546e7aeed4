import type { NamedOptimizer, OptimizerName, RunAmplification } from "../spec";
import type { Directionality, DirectionalityRule, GroupName, Scope, Sides, StageTuple } from "../amplification";
import type { Augmentation, CifarSplit } from "../datasets";
import type { MeasureOptions } from "../gradients";
import type { ModelName, ModelOptions } from "../models";
import type { EvaluateWhen } from "../training";
import type { Paper } from "./published";

/** A network by name; `options.seed` is the trial's seed unless it is given. */
export interface TrialModel {
  readonly name: ModelName;
  readonly options: ModelOptions;
}

/** A data set by name, with what its function takes. */
export type TrialDataset =
  | {
      readonly name: "cifar-10" | "cifar-100";
      readonly split: CifarSplit;
      /** Pad-4 crops and mirroring, or null for none. */
      readonly augmentation: Augmentation | null;
      /** At most so many images of each split; null for all. */
      readonly limit: { readonly train?: number; readonly validation?: number; readonly test?: number } | null;
      /** Which images are held out and which a limit keeps. */
      readonly seed: number;
    }
  | {
      readonly name: "embedded";
      readonly classes: 10 | 100;
      readonly augmentation: Augmentation | null;
      readonly train: number;
      readonly validation: number;
      readonly test: number;
      readonly seed: number;
    };

/** An optimizer by name, with those of its settings that are not the default; the rate stands beside it or in the stages. */
export type TrialOptimizer = { [Name in OptimizerName]: Omit<Extract<NamedOptimizer, { name: Name }>, "learningRate"> }[OptimizerName]; // prettier-ignore

/** A constant rate, or `cosine` from one rate to another; null where stages say it. */
export type TrialRate = number | { readonly cosine: number; readonly min: number } | null;

/** A schedule of stages as data: what `ga.stages` and `ga.intelligentStages` are told. */
export interface TrialStages {
  /** `[end, η, β, Γ]`, as the papers print them; β is 1 in the stages that an intelligent schedule amplifies. */
  readonly list: readonly StageTuple[];
  /** Null where nothing is amplified, and where gradients decide over all layers. */
  readonly group: GroupName | null;
  readonly scope: Scope;
  readonly resetOptimizer: boolean;
  /** Null where layers are drawn at random. */
  readonly intelligent: {
    readonly directionality: Directionality;
    readonly sides: Sides;
    readonly threshold: number;
    readonly reselect: DirectionalityRule["reselect"];
    readonly analyse: DirectionalityRule["analyse"];
  } | null;
}

/**
 * One training run of a protocol, as plain JSON: all that decides its numbers, and what it is called in tables.
 *
 * `startTrial` and `trainOptions` turn it into a run; `beginnings` says which of its first epochs it has in common with
 * others.
 */
export interface TrialSpec {
  /** Unique among the trials of a protocol; fit for a folder's name. */
  readonly id: string;
  /** For figures and tables. */
  readonly name: string;
  /** Which paper's protocol it belongs to, or null for one's own. */
  readonly paper: Paper | null;
  /** The part of the protocol: "s1", "factor", … */
  readonly part: string;
  readonly model: TrialModel;
  readonly dataset: TrialDataset;
  /** Of initial weights, shuffling, augmentation and selection. */
  readonly seed: number;
  /** With stages, the last stage's end. */
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: TrialOptimizer;
  readonly learningRate: TrialRate;
  /** Null for a plain run, or one with `amplify`. */
  readonly stages: TrialStages | null;
  /** Amplification in all epochs, whatever the rate does; missing where stages or nothing amplify. */
  readonly amplify?: RunAmplification;
  /** Missing for the default. */
  readonly engine?: "graph" | "eager";
  readonly precision?: "float32" | "tf32" | "bfloat16";
  readonly onNonFinite?: "stop" | "record";
  readonly clipNorm: number | null;
  readonly measure: MeasureOptions | null;
  readonly validate: EvaluateWhen;
  readonly test: EvaluateWhen;
  /**
   * Which weights the test accuracy is taken with: `"best-validation"` (the VGG38 study) or `"last"`, beside which tables
   * show the best over epochs.
   */
  readonly testWeights: "last" | "best-validation";
  /** How the papers call what was done; see the columns of {@link protocol}. */
  readonly labels: TrialLabels;
}

/** What distinguishes a trial in tables and figures, by the names that these know; null where it does not apply. */
export interface TrialLabels {
  /** As `ga.published` has it: "VGG-19", "VGG38 BN + RC", … */
  readonly model: string;
  /** As `ga.published` has it: "original", "amplified", "random", "G case 1", … */
  readonly method: string;
  /** The schedule with what is varied in it: "S1_xx", "S2_0.1_xx", "Γ 1 – 10", "params1", … */
  readonly strategy: string | null;
  /** The schedule as it is: "S1_0.7", "S2_0.1_0.3", … */
  readonly params: string | null;
  readonly group: GroupName | null;
  /** β that is varied (S2: in 101–130), from 0 to 1. */
  readonly ampRatio: number | null;
  readonly ampFactor: number | null;
  readonly threshold: number | null;
  readonly measure: Directionality | null;
  readonly sides: Sides | null;
  /** "stage", "2 epochs", … */
  readonly reselect: string | null;
}

/** The labels of a trial in which nothing is varied. */
export const NO_LABELS: Omit<TrialLabels, "model" | "method"> = {
  strategy: null,
  params: null,
  group: null,
  ampRatio: null,
  ampFactor: null,
  threshold: null,
  measure: null,
  sides: null,
  reselect: null,
};
