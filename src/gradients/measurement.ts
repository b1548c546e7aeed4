import type { MeasuredRows } from "../rows";
import type { Tensor, Variable } from "../tensorflow";

/** What a measurement sees of one training step; every list has one tensor per weight tensor, in forward order. */
export interface ObservedStep {
  /** As they came from backpropagation; amplified where layers are. */
  readonly raw: readonly Tensor[];
  /** What the optimizer got. */
  readonly clipped: readonly Tensor[];
  /** Before the update. */
  readonly weights: readonly Tensor[];
  /** After the update. */
  readonly updated: readonly Tensor[];
  /** As they would be without amplification; null unless a measurement wants them. */
  readonly unamplified?: readonly Tensor[] | null;
}

/**
 * Gathers what training steps show in variables of its own.
 *
 * It is part of the traced step, so `observe` is tensor operations and assignments to those variables only. In which
 * steps it takes part is decided outside.
 */
export interface Measurement {
  /** Everything that it keeps between steps. */
  readonly variables: readonly Variable[];
  /** Whether the step must also compute its gradients without amplification: a second pass forward and backward. */
  readonly wantsUnamplified?: boolean;
  /** Begins a step, before the forward pass; what it returns is called after `observe`. */
  begin?(): () => void;
  observe(step: ObservedStep): void;
  /** Forgets what it has seen. */
  reset(): void;
  /** What it has seen since the last reset; one read from the device. */
  read(): Promise<Float32Array>;
  dispose(): void;
}

/** A measurement that becomes rows of a run. */
export interface RowMeasurement extends Measurement {
  /** Rows from what `read()` gave. */
  rows(values: Float32Array, at: { epoch: number; step: number }): Partial<MeasuredRows>;
}
