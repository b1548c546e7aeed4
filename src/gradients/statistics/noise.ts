import { type Scalar, type Tensor, type Tensor1D, tf } from "../../tensorflow";
import { norm } from "./norm";
import type { EpochStatistic } from "./statistic";

/** a / b, or `otherwise` where b is 0. */
function ratio(a: Tensor, b: Tensor, otherwise: number): Tensor {
  const none = tf.equal(b, 0);
  return tf.where(none, tf.fill(b.shape, otherwise), tf.div(a, tf.where(none, tf.onesLike(b), b)));
}

/**
 * How much of each weight tensor's gradient is noise, over every whole epoch, in rows of their own; keeps two numbers for each weight.
 *
 * `cosine`: mean cosine between the gradients of successive steps. `noiseScale`: the simple noise scale tr Σ / |G|² in
 * multiples of the batch size, from the steps' gradients gᵢ: tr Σ = Σ|gᵢ − ḡ|² / (n − 1), |G|² = |ḡ|² − tr Σ / n; infinite where that
 * is not above 0: noise alone. Weights move during the epoch, which counts as noise. Source: McCandlish et al. 2018, appendix A.
 */
export const noise: EpochStatistic<"noise"> = {
  ...{ name: "noise", kind: "noise", over: "epoch" },
  // Σg, the last gradient as a unit vector; the largest norm, Σ|g|² in its squares, Σ cosines, how many of these, and of steps.
  keeps: ["weights", "weights", "number", "number", "number", "number", "number"],
  next([sum, previous, largest, squares, cosines, pairs, steps], gradient) {
    const size = norm(gradient);
    const unit = tf.div(gradient, tf.where(tf.equal(size, 0), tf.onesLike(size), size));
    const scale = tf.maximum(largest!, size);
    const isPair = tf.mul(tf.sign(tf.sum(tf.square(previous!))), tf.sign(size));
    return [
      tf.add(sum!, gradient),
      unit,
      scale,
      // Squares of vanished gradients (1e-19) are below float32; as shares of the largest they are not.
      tf.add(tf.mul(squares!, tf.square(ratio(largest!, scale, 0))), tf.square(ratio(size, scale, 0))),
      tf.add(cosines!, tf.sum(tf.mul(previous!, unit))),
      tf.add(pairs!, isPair),
      tf.add(steps!, 1),
    ];
  },
  size: ({ weights }) => 2 * weights.length,
  observe: (kept) => tf.stack(kept.flatMap((tensors) => [meanCosine(tensors), noiseScale(tensors)])) as Tensor1D,
  rows: (values, { weights }) =>
    weights.map(({ index, layer, weight, size }, at) => ({
      ...{ index, layer, weight, size },
      cosine: values[2 * at]!,
      noiseScale: values[2 * at + 1]!,
    })),
};

const meanCosine = ([, , , , cosines, pairs]: readonly Tensor[]) => ratio(cosines!, pairs!, Number.NaN) as Scalar;

function noiseScale([sum, , largest, squares, , , steps]: readonly Tensor[]): Scalar {
  const mean = tf.square(tf.div(ratio(norm(sum!), largest!, Number.NaN), steps!));
  const spread = tf.maximum(tf.sub(squares!, tf.mul(steps!, mean)), 0);
  const variance = ratio(spread, tf.sub(steps!, 1), Number.NaN);
  const signal = tf.sub(mean, tf.div(variance, steps!));
  const isSignal = tf.greater(signal, 0);
  const found = tf.div(variance, tf.where(isSignal, signal, tf.onesLike(signal)));
  const noiseAlone = tf.fill(signal.shape, Number.POSITIVE_INFINITY);
  // Neither comparison holds of NaN, which goes on.
  return tf.where(tf.lessEqual(signal, 0), noiseAlone, tf.where(isSignal, found, signal)) as Scalar;
}
