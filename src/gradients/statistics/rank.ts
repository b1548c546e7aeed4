import { attribute, rawOp, type Scalar, type Tensor, tf } from "../../tensorflow";
import { ofEachWeight } from "./of-each-weight";

/**
 * The effective rank of each weight tensor's gradient (`effectiveRank`): exp of the entropy of its singular values as shares of
 * their sum, from 1 to the matrix's smaller side. A kernel is the matrix [all other axes, last axis]; a bias or gamma has rank 1, and
 * a gradient of nothing but zeros 0.
 *
 * Takes a singular value decomposition of every kernel's gradient: cheap for VGG38 at its width, seconds a step for a
 * ResNet's widest layers. Source: Roy and Vetterli 2007.
 */
export const rank = ofEachWeight("rank", { effectiveRank: ({ gradient }) => effectiveRank(gradient) });

const ATTRIBUTES = {
  T: attribute.type("float32"),
  compute_uv: attribute.bool(false),
  full_matrices: attribute.bool(false),
};

function effectiveRank(gradient: Tensor): Scalar {
  const matrix = gradient.rank < 2 ? tf.reshape(gradient, [1, -1]) : tf.reshape(gradient, [-1, gradient.shape.at(-1)!]);
  // A vanished gradient is brought to the size of 1 first.
  const largest = tf.max(tf.abs(matrix));
  const scaled = tf.div(matrix, tf.where(tf.equal(largest, 0), tf.onesLike(largest), largest));
  const [values] = rawOp("Svd", ATTRIBUTES, [scaled], 3);
  const sum = tf.sum(values!);
  const shares = tf.div(values!, tf.where(tf.equal(sum, 0), tf.onesLike(sum), sum));
  // 0·log 0 is 0.
  const logarithms = tf.log(tf.where(tf.equal(shares, 0), tf.onesLike(shares), shares));
  const found = tf.exp(tf.neg(tf.sum(tf.mul(shares, logarithms))));
  return tf.where(tf.equal(largest, 0), tf.zerosLike(found), found) as Scalar;
}
