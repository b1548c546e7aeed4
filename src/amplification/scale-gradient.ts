import { checkArgument } from "../options";
import { type Scalar, type Tensor, tf } from "../tensorflow";

/**
 * The same tensor on the way forward; on the way back its gradient is multiplied by `factor`.
 *
 * @param x a tensor of any shape, returned unchanged
 * @param factor what its gradient is multiplied by, a scalar
 * @throws {TypeError} if the factor is no tensor
 * @example
 * import * as ga from "gradamp";
 * const factor = ga.tf.scalar(2);
 * const gradient = ga.tf.grad((x) => ga.scaleGradient(x, factor).square().sum());
 * gradient(ga.tf.tensor1d([1, 3])).print(); // [4, 12] instead of [2, 6]
 */
export function scaleGradient<T extends Tensor>(x: T, factor: Scalar): T {
  checkArgument(factor, "a factor, a scalar tensor,", "dtype");
  const scaled = tf.customGrad((input, save) => {
    // Kept, since a gradient of a gradient needs it after the caller may have disposed of it.
    (save as (tensors: Tensor[]) => void)([factor]);
    return {
      value: (input as Tensor).clone(),
      gradFunc: (dy: Tensor, [kept]: Tensor[]) => tf.mul(dy, kept!),
    };
  });
  return scaled(x) as T;
}
