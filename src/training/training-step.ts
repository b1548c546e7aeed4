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

/** Mean loss of the batch, and its number of rightly classified samples (0 where targets are no classes). */
export interface StepResult {
  readonly loss: Scalar;
  readonly correct: Scalar;
  /** What the measurement made of the gradients, where one was asked for. */
  readonly measured: Tensor | null;
}

/**
 * One step: forward, backward (amplified layers scale gradients there), measure, clip, update.
 *
 * Only tensor operations, without a read from the device: whoever traces it gets the whole step as a graph.  What
 * changes between steps (batch, rate, step number, amplification factors) comes in as tensors.
 */
export function trainingStep(
  context: StepContext,
  inputs: Tensor[],
  targets: Tensor,
  scalars: StepScalars,
  measure: ((gradients: readonly Tensor[], weights: readonly Tensor[]) => Tensor) | null,
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
  const measured = measure ? measure(raw, variables) : null;
  const clipped = clipNorm === null ? raw : clipGradients(raw, clipNorm);
  optimizer.apply(clipped, scalars);
  tf.dispose([raw, clipped, Object.values(grads)]);
  return { loss: value, correct: correct ?? tf.scalar(0), measured };
}
