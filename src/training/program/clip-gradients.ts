import { type Tensor, tf } from "../../tensorflow";

/**
 * Scales all gradients by min(1, clipNorm / ‖all gradients‖₂), as `torch.nn.utils.clip_grad_norm_`.
 *
 * @param clipNorm the largest norm that is let through, above 0
 */
export function clipGradients(gradients: readonly Tensor[], clipNorm: number): Tensor[] {
  return tf.tidy(() => {
    const squares = tf.stack(gradients.map((gradient) => tf.sum(tf.square(gradient))));
    const norm = tf.sqrt(tf.sum(squares));
    const scale = tf.minimum(tf.div(clipNorm, tf.add(norm, 1e-6)), 1);
    return gradients.map((gradient) => tf.mul(gradient, scale));
  });
}
