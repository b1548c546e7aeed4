import { checkArgument, checkList } from "../options";
import { type Scalar, type Tensor, type Tensor1D, tf } from "../tensorflow";

/** The directionality ratios of one layer. */
export interface DirectionalityRatios {
  /** Σᵢ |Σⱼ gᵢⱼ| / Σᵢ Σⱼ |gᵢⱼ|, over weights i and iterations j. */
  readonly G: number;
  /** Mean over weights of |Σⱼ gᵢⱼ| / Σⱼ |gᵢⱼ|. */
  readonly GPrime: number;
  /** |Σᵢ Σⱼ gᵢⱼ| / Σᵢ Σⱼ |gᵢⱼ|: the sum over the whole layer, of which 2023, section 3.2, says that halves cancel out. */
  readonly GNet: number;
}

/**
 * `[G, G′, G net]` of a layer on the device, from Σg and Σ|g| of each of its weight tensors. 0/0 is 0; a gradient that was not
 * finite makes all NaN.
 */
export function directionalityOfSums(sums: readonly Tensor[], absolutes: readonly Tensor[]): Tensor1D {
  return tf.tidy(() => {
    const signed = tf.concat(sums.map((sum) => sum.flatten()));
    const net = signed.abs();
    const all = tf.concat(absolutes.map((sum) => sum.flatten()));
    const ratio = <T extends Tensor>(a: T, b: T): T => {
      const none = b.equal(0);
      return tf.where(none, tf.zerosLike(b), a.div(tf.where(none, tf.onesLike(b), b))) as T;
    };
    return tf.stack([
      ratio<Scalar>(net.sum(), all.sum()),
      ratio(net, all).mean(),
      ratio<Scalar>(signed.sum<Scalar>().abs(), all.sum()),
    ]) as Tensor1D;
  });
}

/**
 * How steadily a layer's gradients point the same way: 1 where they always do, 0 where they cancel out.
 *
 * For a weight that has no gradient at all each ratio counts 0. The paper splits G′'s cases by layer; by weight is the
 * reading under which it always lies in [0, 1].
 *
 * Source: Basodi et al. 2023, eq. 4 and 5.
 *
 * @param steps the gradients of the layer's weight tensors (or of its only one) at each iteration of an epoch
 * @throws {TypeError} if there is no step, or a step has other tensors than the first
 *
 * @example
 * import * as ga from "gradamp";
 * const steps = [[1, 1], [-1, 3]].map((gradient) => ga.tf.tensor1d(gradient));
 * console.log(ga.directionality(steps)); // G = (0 + 4) / (2 + 4), GPrime = (0/2 + 4/4) / 2, GNet = |0 + 4| / (2 + 4)
 */
export function directionality(steps: readonly (Tensor | readonly Tensor[])[]): DirectionalityRatios {
  checkList(steps, "a list of gradients, one a step,");
  const lists = steps.map((step) => (Array.isArray(step) ? (step as readonly Tensor[]) : [step as Tensor]));
  const [first] = lists;
  if (!first || first.length === 0) throw new TypeError("Expected the gradients of at least one step but found none");
  lists.flat().forEach((tensor) => checkArgument(tensor, "a gradient, a tensor,", "shape"));
  const shape = (list: readonly Tensor[]) => list.map((tensor) => `[${tensor.shape.join(", ")}]`).join(" ");
  const odd = lists.findIndex((list) => shape(list) !== shape(first));
  if (odd >= 0) {
    throw new TypeError(`Expected gradients ${shape(first)} at every step but found ${shape(lists[odd]!)} at step ${odd + 1}`); // prettier-ignore
  }
  const [G, GPrime, GNet] = tf.tidy(() => {
    const total = (of: (tensor: Tensor) => Tensor) => first.map((_, at) => tf.addN(lists.map((list) => of(list[at]!))));
    return directionalityOfSums(total((tensor) => tensor), total((tensor) => tensor.abs())).dataSync(); // prettier-ignore
  });
  return { G: G!, GPrime: GPrime!, GNet: GNet! };
}
