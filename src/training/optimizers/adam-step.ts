import type { StepScalars } from "../../spec";
import { type Tensor, tf } from "../../tensorflow";

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
  const stepSize = tf.div(learningRate, tf.sub(1, tf.pow(beta1, step)));
  const correction = tf.sqrt(tf.sub(1, tf.pow(beta2, step)));
  const denominator = tf.add(tf.div(tf.sqrt(v), correction), epsilon);
  return { moved: tf.mul(stepSize, tf.div(m, denominator)), slots: [m, v] };
}
