import { type Scalar, type Tensor, tf } from "../../tensorflow";

/** Candidates of which the first that is accepted is taken; one in 20 is refused at most, all of them once in 10¹⁶ times. */
const CANDIDATES = 12;

/**
 * A number from Beta(alpha, alpha), by tensor operations: as g / (g + h) of two numbers from Gamma(alpha), in logarithms, since
 * for a small alpha both may be 0 in float32.
 *
 * Source: Marsaglia & Tsang, A simple method for generating gamma variables, ACM TOMS 26 (2000), for alpha + 1; times U^(1/alpha).
 */
export function drawBeta(alpha: number): Scalar {
  return tf.tidy(() => {
    const d = alpha + 1 - 1 / 3;
    const normal = tf.randomNormal([2, CANDIDATES]);
    const cube = tf.pow(tf.add(1, tf.mul(normal, 1 / Math.sqrt(9 * d))), 3);
    const positive = tf.maximum(cube, 1e-30);
    const bound = tf.add(tf.mul(tf.square(normal), 0.5), tf.mul(d, tf.add(tf.sub(1, positive), tf.log(positive))));
    const tried = tf.log(tf.maximum(tf.randomUniform([2, CANDIDATES]), 1e-30));
    const accepted = tf.logicalAnd(tf.greater(cube, 0), tf.less(tried, bound));
    const first = tf.oneHot(tf.argMax(tf.cast(accepted, "float32"), 1), CANDIDATES);
    const gamma = tf.sum(tf.mul(tf.cast(first, "float32"), tf.log(positive)), 1);
    const power = tf.div(tf.log(tf.maximum(tf.randomUniform([2]), 1e-30)), alpha);
    const [g, h] = tf.unstack(tf.add(gamma, power)) as [Tensor, Tensor];
    return tf.sigmoid(tf.sub(g, h)) as Scalar;
  });
}
