import { type Scalar, type Tensor, tf } from "../../tensorflow";

/**
 * ‖x‖₂. Scaled by the largest entry first: the squares of a vanished gradient (1e-19) are below float32's smallest
 * number, so that the plain root of the sum of squares is 0.
 */
export function norm(x: Tensor): Scalar {
  const largest = x.abs().max();
  const scale = tf.where(largest.greater(0), largest, tf.onesLike(largest));
  return x.div(scale).square().sum().sqrt().mul(largest);
}

/** Mean |x|. */
export const meanAbs = (x: Tensor): Scalar => x.abs().mean();
