import { type Scalar, type Tensor, tf } from "../../tensorflow";
import type { StepContext } from "./step-context";

/** Gradients as they are clipped, by whichever way was asked for; as they are where by none. */
export function clipped(
  raw: Tensor[],
  { clipNorm, clipLayerNorm = null, clipValue = null, layers = [] }: StepContext,
): Tensor[] {
  if (clipNorm !== null) return clipGradients(raw, clipNorm);
  if (clipValue !== null) return tf.tidy(() => raw.map((gradient) => tf.clipByValue(gradient, -clipValue, clipValue)));
  if (clipLayerNorm === null) return raw;
  const result = [...raw];
  for (const layer of new Set(layers)) {
    const own = raw.flatMap((_, at) => (layers[at] === layer ? [at] : []));
    clipGradients(
      own.map((at) => raw[at]!),
      clipLayerNorm,
    ).forEach((gradient, index) => (result[own[index]!] = gradient));
  }
  return result;
}

/**
 * Scales all gradients by min(1, clipNorm / ‖all gradients‖₂), as `torch.nn.utils.clip_grad_norm_`.
 *
 * @param clipNorm the largest norm that is let through, above 0
 */
export function clipGradients(gradients: readonly Tensor[], clipNorm: number): Tensor[] {
  return tf.tidy(() => {
    const scale = tf.minimum(tf.div(clipNorm, tf.add(normOfAll(gradients), 1e-6)), 1);
    return gradients.map((gradient) => tf.mul(gradient, scale));
  });
}

/** ‖all gradients together‖₂. */
export function normOfAll(gradients: readonly Tensor[]): Scalar {
  return tf.tidy(() => {
    // The squares of amplified or vanished gradients leave float32's range: they are taken of shares of the largest.
    const largest = tf.max(tf.stack(gradients.map((gradient) => tf.max(tf.abs(gradient)))));
    const isSize = tf.logicalAnd(tf.greater(largest, 0), tf.isFinite(largest));
    const unit = tf.where(isSize, largest, tf.onesLike(largest));
    const squares = tf.stack(gradients.map((gradient) => tf.sum(tf.square(tf.div(gradient, unit)))));
    return tf.mul<Scalar>(unit, tf.sqrt(tf.sum(squares)));
  });
}
