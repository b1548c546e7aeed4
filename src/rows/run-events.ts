import type { MeasuredKind, Rows } from "./row-kinds";
import type { EpochRow, SelectionRow } from "./row-types";

/** Where a run stands; sent after a step, as often as every 20 ms. */
export interface Progress {
  /** The epoch that is trained, from 1. */
  readonly epoch: number;
  /** How many there are. */
  readonly epochs: number;
  /** Steps done in this epoch. */
  readonly step: number;
  /** Null where nobody knows yet how many samples an epoch has. */
  readonly steps: number | null;
  /** Since the run began. */
  readonly seconds: number;
  /** Over the steps of this epoch. */
  readonly imagesPerSecond: number;
  /** Null where that cannot be told yet. */
  readonly etaSeconds: number | null;
  /** Mean over the samples that this epoch has seen. */
  readonly loss: number;
  /** Fraction of them that was classified rightly; null where targets are no classes. */
  readonly accuracy: number | null;
  /** Of the last complete epoch. */
  readonly trainLoss: number | null;
}

/** A new stage. */
export interface StageStart {
  /** The stage's first epoch, from 1. */
  readonly epoch: number;
  /** η. */
  readonly learningRate: number;
  /** β. */
  readonly ampRatio: number;
  /** Γ. */
  readonly ampFactor: number;
  /** |G|: from how many layers are chosen. */
  readonly groupSize: number;
  /** The layers drawn at random for it; none where its gradients will decide, which a `selection` tells then. */
  readonly layers: readonly string[];
}

/** Layers that were selected for amplification. */
export interface Selection {
  /** The first epoch that is trained with them, counted from 1. */
  readonly epoch: number;
  /** Those that were chosen, in forward order. */
  readonly layers: readonly string[];
  /** One a layer considered: what it was judged by, and whether it was selected. */
  readonly rows: readonly SelectionRow[];
}

/** An epoch's rows: its own, and those of each kind that was measured in it. */
export type EpochEvent = { readonly row: EpochRow } & {
  readonly [Kind in MeasuredKind]: readonly Rows[Kind][];
};

/**
 * `"diverged"`: the training loss was not finite any more, which ended the run. `"stopped early"`: a callback or early stopping
 * ended it, which is its end.
 */
export type RunStatus = "running" | "finished" | "stopped early" | "interrupted" | "failed" | "diverged";

/** What a run tells while it goes on; rows are plain objects. */
export interface RunEvents {
  /** Now and then, as steps go by. */
  progress: Progress;
  /** As a stage begins. */
  stage: StageStart;
  /** As layers were chosen by their gradients. */
  selection: Selection;
  /** As an epoch has ended, with all its rows. */
  epoch: EpochEvent;
  /** Something odd, once. */
  warning: string;
  /** As training has ended, however. */
  end: { status: RunStatus };
}

/** Where a run's numbers stopped being finite. */
export interface NonFinite {
  /** From 1. */
  readonly epoch: number;
  /**
   * Step of the run, from 1, at which a gradient was first not finite; null where none was: then the loss itself, or the
   * update, left the range of float32.
   */
  readonly step: number | null;
  /** The first layer that backpropagation met there, which is the one nearest to the output; null with `step`. */
  readonly layer: string | null;
  /** The weight's name within its layer; null with `step`. */
  readonly weight: string | null;
  /** How many weight tensors had gradients that were not finite at that step. */
  readonly affected: number;
  /** How many weight tensors there are. */
  readonly tensors: number;
}
