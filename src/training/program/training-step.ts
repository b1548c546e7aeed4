import type { Measurement } from "../../gradients";
import { type Tensor, tf } from "../../tensorflow";
import { backwardInParts } from "./backward-in-parts";
import { clipped as clip, normOfAll } from "./clip-gradients";
import { unamplifiedGradients } from "./unamplified-gradients";
import type { StepScalars } from "../../spec";
import type { StepContext, StepResult } from "./step-context";

/**
 * One step: forward, backward (amplified layers scale gradients there), clip, update, hold to constraints, observe.
 *
 * Only tensor operations, without a read from the device: whoever traces it gets the whole step as a graph. What
 * changes between steps (batch, rate, step number, amplification factors) comes in as tensors. Call it in a `tf.tidy`.
 */
export function trainingStep(
  context: StepContext,
  inputs: Tensor[],
  targets: Tensor | Tensor[],
  scalars: StepScalars,
  measurements: readonly Measurement[] = [],
  sampleWeights: Tensor | null = null,
): StepResult {
  const { variables, optimizer } = context;
  const unamplified = measurements.some(({ wantsUnamplified }) => wantsUnamplified)
    ? unamplifiedGradients(context, inputs, targets, sampleWeights)
    : null;
  const endings = measurements.map((measurement) => measurement.begin?.());
  try {
    const { loss, penalty, correct, raw } = backwardInParts(context, inputs, targets, sampleWeights);
    const clipped = clip(raw, context);
    const gradientNorm = context.wantsNorm ? normOfAll(raw) : null;
    const weights = measurements.length > 0 ? variables.map((variable) => variable.clone()) : [];
    optimizer.apply(clipped, scalars);
    constrain(context);
    context.averages?.update();
    for (const measurement of measurements)
      measurement.observe({ raw, clipped, unamplified, weights, updated: variables });
    tf.dispose([raw, clipped, unamplified ?? [], weights]);
    return { loss, penalty, correct, gradientNorm };
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
