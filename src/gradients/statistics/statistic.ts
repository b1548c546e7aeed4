import type { HistogramRange, MeasuredKind, Rows } from "../../rows";
import type { StatisticName } from "../../spec";
import type { Tensor, Tensor1D } from "../../tensorflow";
import type { ObservedStep } from "../measurement";
import type { WeightTensor } from "../weight-tensors";

/** The network whose training is measured. */
export interface MeasuredNetwork {
  /** What `weightTensors` gives. */
  readonly weights: readonly WeightTensor[];
  /** Names of the layers whose outputs can be measured, in forward order. */
  readonly layers: readonly string[];
  /** The layers with which their chains begin, where branches run in parallel; else null. */
  readonly chains?: readonly string[] | null;
  /** Edges of histograms. */
  readonly range: HistogramRange;
}

/** A step, and beside its gradients what its layers have put out: `[layers × 3]`, null unless a statistic wants it. */
export interface StatisticStep extends ObservedStep {
  readonly outputs: Tensor1D | null;
}

/** A statistic's share in rows of its kind, one for each of them; what several statistics say of one row is put together. */
export type RowParts<Kind extends MeasuredKind> = Partial<Omit<Rows[Kind], "epoch" | "step">>[];

interface Described<Kind extends MeasuredKind> {
  /** As it is asked for. */
  readonly name: StatisticName;
  /** The kind of rows in which it is written down. */
  readonly kind: Kind;
  /** How many numbers it gives. */
  size(network: MeasuredNetwork): number;
  rows(values: Float32Array, network: MeasuredNetwork): RowParts<Kind>;
}

/** What single steps show of a network's training, whenever the schedule says so. */
export interface StepStatistic<Kind extends MeasuredKind = MeasuredKind> extends Described<Kind> {
  readonly over: "steps";
  /** What a step must offer beside its gradients. */
  readonly wants?: "unamplified" | "outputs";
  /** What is measured with it. */
  readonly brings?: readonly StepStatistic[];
  /** What becomes of several steps' numbers. */
  readonly reduce: "mean" | "sum";
  /** A step's numbers. Statistics that share this function share its numbers: they are computed once. */
  readonly observe: (step: StatisticStep, network: MeasuredNetwork) => Tensor1D;
}

/** What only all steps of an epoch together show. */
export interface EpochStatistic<Kind extends MeasuredKind = MeasuredKind> extends Described<Kind> {
  readonly over: "epoch";
  /** What is kept of each weight tensor: as many numbers as it has, which takes as much memory, or one. All begin at 0. */
  readonly keeps: readonly ("weights" | "number")[];
  /** What is kept after a step, from what was before it. */
  readonly next: (kept: readonly Tensor[], gradient: Tensor) => readonly Tensor[];
  /** The numbers, from what is kept of each weight tensor after the last step. */
  readonly observe: (kept: readonly (readonly Tensor[])[], network: MeasuredNetwork) => Tensor1D;
}

/** Something that can be measured: one file each in this folder. */
export type Statistic = StepStatistic | EpochStatistic;
