import { type Tensor, type Tensor1D, type Tensor2D, tf } from "../../tensorflow";

/** A batch's outputs, a row for each sample, step or pixel. */
export interface OutputRows {
  /** `[rows, outputs]` */
  readonly scores: Tensor2D;
  /** `[rows]`: 1 for what counts, 0 for steps and pixels that a mask leaves out. */
  readonly counts: Tensor1D;
}

/**
 * Rows of an output whose last axis are classes, labels or numbers. As with accuracies, weights of samples change nothing, and
 * steps or pixels of weight 0 are left out.
 *
 * @param prediction `[batch, …, outputs]`, or `[batch]` for one number each
 * @param weights `[batch]`, or as many as there are rows
 */
export function rowsOf(prediction: Tensor, weights: Tensor | null): OutputRows {
  const outputs = prediction.rank === 1 ? 1 : prediction.shape.at(-1)!;
  const scores = tf.reshape(tf.cast(prediction, "float32"), [-1, outputs]) as Tensor2D;
  const [rows] = scores.shape;
  const masked = weights !== null && weights.rank > 1 && weights.size === rows;
  const counts = masked
    ? tf.cast<Tensor1D>(tf.greater(tf.reshape(weights, [rows]), 0), "float32")
    : (tf.ones([rows]) as Tensor1D);
  return { scores, counts };
}

/** Classes of the rows: whole numbers, or the highest place of distributions over classes. */
export function labelsOf(target: Tensor, { scores }: OutputRows): Tensor1D {
  const [rows, classes] = scores.shape;
  if (target.size === rows) return tf.cast<Tensor1D>(tf.reshape(target, [rows]), "int32");
  return tf.argMax<Tensor1D>(tf.reshape(target, [rows, classes]), 1);
}
