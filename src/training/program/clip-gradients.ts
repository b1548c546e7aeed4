import { type Tensor, tf } from "../../tensorflow";

/**
 * Scales all gradients by min(1, clipNorm / ‖all gradients‖₂), as `torch.nn.utils.clip_grad_norm_`.
 *
 * @param clipNorm the largest norm that is let through, above 0
 */
export function clipGradients(gradients: readonly Tensor[], clipNorm: number): Tensor[] {
  return tf.tidy(() => {
    // The squares of amplified or vanished gradients leave float32's range: they are taken of shares of the largest.
    const largest = tf.max(tf.stack(gradients.map((gradient) => tf.max(tf.abs(gradient)))));
    const isSize = tf.logicalAnd(tf.greater(largest, 0), tf.isFinite(largest));
    const unit = tf.where(isSize, largest, tf.onesLike(largest));
    const squares = tf.stack(gradients.map((gradient) => tf.sum(tf.square(tf.div(gradient, unit)))));
    const norm = tf.mul(unit, tf.sqrt(tf.sum(squares)));
    const scale = tf.minimum(tf.div(clipNorm, tf.add(norm, 1e-6)), 1);
    return gradients.map((gradient) => tf.mul(gradient, scale));
  });
}
