import type { StepScalars } from "../../spec";
import { type Scalar, type Tensor, tf } from "../../tensorflow";

/** What Adam and AdamW have in common. */
interface AdamSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Adam's step, `η/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε)`, which is subtracted from the weights, and the new moments. */
export function adamStep(
  gradient: Tensor,
  [first, second]: readonly Tensor[],
  { learningRate, step }: StepScalars,
  { beta1, beta2, epsilon }: AdamSettings,
): { readonly moved: Tensor; readonly slots: readonly Tensor[] } {
  const m = tf.add(tf.mul(first!, beta1), tf.mul(gradient, 1 - beta1));
  const v = tf.add(tf.mul(second!, beta2), tf.mul(tf.square(gradient), 1 - beta2));
  const stepSize = tf.div(learningRate, oneMinusPower(beta1, step));
  const correction = tf.sqrt(oneMinusPower(beta2, step));
  const denominator = tf.add(tf.div(tf.sqrt(v), correction), epsilon);
  return { moved: tf.mul(stepSize, tf.div(m, denominator)), slots: [m, v] };
}

/** 1 − βᵗ to float32's rounding: the difference of rounded numbers would be 1e-5 off where β is 0.999 and t is 1. */
function oneMinusPower(beta: number, step: Scalar): Scalar {
  // Of β = 0 nothing is left of the first step on.
  return beta === 0 ? tf.onesLike(step) : tf.neg(tf.expm1(tf.mul(step, Math.log(beta))));
}
