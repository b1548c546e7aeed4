import { type Tensor1D, tf } from "../../tensorflow";
import type { OutputMetric } from "./metric";
import { rowsOf } from "./rows-of";

/** The mean over all numbers of how far outputs are from their targets: squared, its root, or absolute. */
export function errorOf(what: "mse" | "rmse" | "mae"): OutputMetric {
  return {
    size: 2,
    sums(prediction, target, weights) {
      const rows = rowsOf(prediction, weights);
      const wanted = tf.cast(tf.reshape(target, rows.scores.shape), "float32");
      const difference = tf.sub(rows.scores, wanted);
      const each = tf.mean(what === "mae" ? tf.abs(difference) : tf.square(difference), 1);
      return tf.stack([tf.sum(tf.mul(each, rows.counts)), tf.sum(rows.counts)]) as Tensor1D;
    },
    value: ([sum, rows]) => (what === "rmse" ? Math.sqrt(sum! / rows!) : sum! / rows!),
  };
}
