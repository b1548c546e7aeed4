import type { Tensor, Variable } from "../tensorflow";

/** What an observer sees of one training step; every list has one tensor per weight tensor, in forward order. */
export interface ObservedStep {
  /** As they came from backpropagation; amplified where layers are. */
  readonly raw: readonly Tensor[];
  /** What the optimizer got. */
  readonly clipped: readonly Tensor[];
  /** Before the update. */
  readonly weights: readonly Tensor[];
  /** After the update. */
  readonly updated: readonly Tensor[];
  /** As they would be without amplification; null unless an observer wants them. */
  readonly unamplified?: readonly Tensor[] | null;
}

/**
 * Looks at the gradients of training steps and gathers what it sees in variables of its own.
 *
 * An observer is part of the traced step, so `observe` is tensor operations and assignments to those variables only.  On
 * which steps it is present is decided outside.
 */
export interface GradientObserver {
  /** Everything that it keeps between steps. */
  readonly variables: readonly Variable[];
  /** Whether the step must also compute its gradients without amplification: a second pass forward and backward. */
  readonly wantsUnamplified?: boolean;
  /** Begins to watch what happens before the gradients are there; called before the forward pass, ended after `observe`. */
  watch?(): () => void;
  observe(step: ObservedStep): void;
  /** Forgets what it has seen. */
  reset(): void;
  /** What it has seen since the last reset; one read from the device. */
  read(): Promise<Float32Array>;
  dispose(): void;
}
