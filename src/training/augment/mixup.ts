import { type Tensor, tf } from "../../tensorflow";
import { drawBeta } from "./draw-beta";

/**
 * Mixes each sample with one of the other end of the batch, inputs and targets alike, by a share from Beta(alpha, alpha) that
 * holds for the batch. Labels become shares of classes.
 *
 * Source: Zhang et al., mixup: Beyond Empirical Risk Minimization, ICLR 2018, as their code and timm's have it.
 *
 * @param classes of each of the targets that are labels; null for other targets
 */
export function mixup(
  inputs: readonly Tensor[],
  targets: readonly Tensor[],
  { alpha, classes }: { readonly alpha: number; readonly classes: readonly (number | null)[] },
): { inputs: Tensor[]; targets: Tensor[] } {
  const kept = drawBeta(alpha);
  const mix = (values: Tensor) => tf.add(tf.mul(values, kept), tf.mul(tf.reverse(values, 0), tf.sub(1, kept)));
  const sharesOf = (target: Tensor, count: number | null) =>
    count === null ? tf.cast(target, "float32") : tf.cast(tf.oneHot(tf.cast(target, "int32"), count), "float32");
  return { inputs: inputs.map(mix), targets: targets.map((target, at) => mix(sharesOf(target, classes[at]!))) };
}
