import type { GradientObserver } from "../gradients";
import { type LayersModel, type Scalar, type Tensor, tf, type Variable } from "../tensorflow";
import { clipGradients } from "./clip-gradients";
import type { LossFunction } from "./loss";
import type { OptimizerState, StepScalars } from "./optimizer";

/** All that a training step stands on; nothing in it changes from step to step. */
export interface StepContext {
  readonly model: LayersModel;
  readonly lossFunction: LossFunction;
  readonly variables: readonly Variable[];
  readonly optimizer: OptimizerState;
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
 * One step: forward, backward (amplified layers scale gradients there), clip, update, observe.
 *
 * Only tensor operations, without a read from the device: whoever traces it gets the whole step as a graph.  What
 * changes between steps (batch, rate, step number, amplification factors) comes in as tensors.  Call it in a `tf.tidy`.
 */
export function trainingStep(
  context: StepContext,
  inputs: Tensor[],
  targets: Tensor,
  scalars: StepScalars,
  observers: readonly GradientObserver[] = [],
): StepResult {
  const { model, lossFunction, variables, optimizer, clipNorm } = context;
  let correct: Scalar | null = null;
  const { value, grads } = tf.variableGrads(() => {
    const prediction = model.apply(inputs.length === 1 ? inputs[0]! : inputs, { training: true }) as Tensor | Tensor[];
    const value = lossFunction(prediction, targets);
    // Kept, since the tape's own scope would dispose of what it does not return.
    if (value.correct) correct = tf.keep(value.correct);
    return model.calculateLosses().reduce<Scalar>((sum, penalty) => tf.add(sum, penalty), value.loss);
  }, variables as Variable[]);
  const raw = variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
  const clipped = clipNorm === null ? raw : clipGradients(raw, clipNorm);
  const weights = observers.length > 0 ? variables.map((variable) => variable.clone()) : [];
  optimizer.apply(clipped, scalars);
  for (const observer of observers) observer.observe({ raw, clipped, weights, updated: variables });
  tf.dispose([raw, clipped, weights, Object.values(grads)]);
  return { loss: value, correct: correct ?? tf.scalar(0) };
}
