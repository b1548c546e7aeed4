import type { Constraint, Measurement } from "../../gradients";
import { type LayersModel, type Scalar, type Tensor, tf, type Variable } from "../../tensorflow";
import { backward } from "./backward";
import { clipGradients } from "./clip-gradients";
import { unamplifiedGradients } from "./unamplified-gradients";
import type { LossFunction } from "../loss";
import type { OptimizerState, StepScalars } from "../../spec";

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
}

/** What a step gives back. */
export interface StepResult {
  /** Mean over the batch, penalties included. */
  readonly loss: Scalar;
  /** Rightly classified samples; 0 where targets are no classes. */
  readonly correct: Scalar;
}

/**
 * One step: forward, backward (amplified layers scale gradients there), clip, update, hold to constraints, observe.
 *
 * Only tensor operations, without a read from the device: whoever traces it gets the whole step as a graph.  What
 * changes between steps (batch, rate, step number, amplification factors) comes in as tensors.  Call it in a `tf.tidy`.
 */
export function trainingStep(
  context: StepContext,
  inputs: Tensor[],
  targets: Tensor,
  scalars: StepScalars,
  measurements: readonly Measurement[] = [],
): StepResult {
  const { variables, optimizer, clipNorm } = context;
  const unamplified = measurements.some(({ wantsUnamplified }) => wantsUnamplified)
    ? unamplifiedGradients(context, inputs, targets)
    : null;
  const endings = measurements.map((measurement) => measurement.begin?.());
  try {
    const { loss, correct, raw } = backward(context, inputs, targets);
    const clipped = clipNorm === null ? raw : clipGradients(raw, clipNorm);
    const weights = measurements.length > 0 ? variables.map((variable) => variable.clone()) : [];
    optimizer.apply(clipped, scalars);
    constrain(context);
    for (const measurement of measurements)
      measurement.observe({ raw, clipped, unamplified, weights, updated: variables });
    tf.dispose([raw, clipped, unamplified ?? [], weights]);
    return { loss, correct };
  } finally {
    for (const end of endings) end?.();
  }
}

/** Brings weights back to what their layers demand, as Keras does after each update. */
function constrain({ variables, constraints = [] }: StepContext): void {
  constraints.forEach((constraint, at) => {
    if (constraint) tf.tidy(() => variables[at]!.assign(constraint.apply(variables[at]!) as Tensor<never>));
  });
}
