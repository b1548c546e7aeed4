import { type Scalar, type Tensor, tf } from "../../tensorflow";

/** Keeps a batch whose elements all count nothing from becoming NaN. */
const LEAST = 1e-7;

/**
 * The mean of losses over a batch.
 *
 * Weights of samples multiply their losses, and the sum is divided by the number of samples, as Keras does: a sample of weight 2
 * counts twice and the others as before. Weights of steps or pixels, as a mask is, divide by their own sum: what is padding
 * changes nothing.
 *
 * @param values `[batch]`, or `[batch, …]` with a loss for each step or pixel
 * @param weights `[batch]`, or as many as there are values; null for the plain mean
 */
export function weightedMean(values: Tensor, weights: Tensor | null): Scalar {
  if (weights === null) return tf.mean(values);
  const [batch] = values.shape as [number];
  if (weights.size === values.size && weights.rank > 1) {
    const products = tf.mul(tf.reshape(values, [-1]), tf.reshape(weights, [-1]));
    return tf.div(tf.sum(products), tf.maximum(tf.sum(weights), LEAST));
  }
  const samples = values.rank > 1 ? tf.mean(tf.reshape(values, [batch, -1]), 1) : values;
  return tf.mean(tf.mul(samples, tf.reshape(weights, [batch])));
}

/** How many samples of a batch are right: each counts as its share of right steps or pixels that count at all. */
export function countHits(hits: Tensor, weights: Tensor | null): Scalar {
  const [batch] = hits.shape as [number];
  if (hits.rank === 1) return tf.sum(hits);
  const counted = weights !== null && weights.rank > 1 && weights.size === hits.size;
  const share = weightedMean(hits, counted ? tf.cast(tf.greater(weights, 0), "float32") : null);
  return tf.mul<Scalar>(share, batch);
}
