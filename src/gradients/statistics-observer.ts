import { type Tensor1D, tf } from "../tensorflow";
import type { GradientObserver } from "./observer";
import { measureGradients, type StatisticColumn } from "./statistics";

/**
 * Statistics of the gradients of each weight tensor, as the mean over the steps seen.
 *
 * `read()` gives `[tensors × columns]`, columns fastest.
 */
export function statisticsObserver(columns: readonly StatisticColumn[], tensors: number): GradientObserver {
  const size = tensors * columns.length;
  // The last number counts steps.
  const sums = tf.tidy(() => tf.variable(tf.zeros([size + 1]) as Tensor1D, false));
  return {
    variables: [sums],
    observe({ raw, weights }) {
      tf.tidy(() => sums.assign(tf.add(sums, tf.concat([measureGradients(columns, raw, weights), tf.ones([1])]))));
    },
    reset() {
      tf.tidy(() => sums.assign(tf.zeros([size + 1])));
    },
    async read() {
      const values = await sums.data<"float32">();
      const steps = values[size]!;
      return values.subarray(0, size).map((sum) => sum / steps);
    },
    dispose: () => sums.dispose(),
  };
}
