import type { Constraint } from "../../gradients";
import type { OptimizerState } from "../../spec";
import type { LayersModel, Scalar, Variable } from "../../tensorflow";
import type { LossFunction } from "../loss";

/** All that a training step stands on; nothing in it changes from step to step. */
export interface StepContext {
  readonly model: LayersModel;
  readonly lossFunction: LossFunction;
  readonly variables: readonly Variable[];
  readonly optimizer: OptimizerState;
  /** What each variable is held to after its update; null (also where this is left out) for nothing. */
  readonly constraints?: readonly (Constraint | null)[];
  /** Largest gradient norm let through, or null for no clipping. */
  readonly clipNorm: number | null;
  /** The same of each layer's gradients together, and the largest absolute value; null, or left out, for none. */
  readonly clipLayerNorm?: number | null;
  readonly clipValue?: number | null;
  /** In how many parts, one after the other, a batch is computed. Default: 1. */
  readonly accumulate?: number;
  /** Takes up the weights after each step; null, or left out, for nobody. */
  readonly averages?: { update(): void } | null;
  /** Whether the norm of all gradients is wanted. Default: false. */
  readonly wantsNorm?: boolean;
  /** The layer that each variable belongs to. */
  readonly layers?: readonly string[];
}

/** What a step gives back. */
export interface StepResult {
  /** Mean over the batch, without penalties. */
  readonly loss: Scalar;
  /** What regularizers add to it; null where the model has none. */
  readonly penalty: Scalar | null;
  /** Rightly classified samples; 0 where targets are no classes. */
  readonly correct: Scalar;
  /** Norm of all gradients together, before clipping; null where nobody wants it. */
  readonly gradientNorm: Scalar | null;
}
