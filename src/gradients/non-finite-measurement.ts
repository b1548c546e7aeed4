import { type Tensor1D, tf } from "../tensorflow";
import type { Measurement } from "./measurement";

/**
 * The step at which each weight tensor's gradient was first not finite, counted from 1 since the last reset; 0 for one
 * that always was.
 *
 * @param tensors how many weight tensors there are
 */
export function nonFiniteMeasurement(tensors: number): Measurement {
  const steps = tf.tidy(() => tf.variable(tf.scalar(0), false));
  const first = tf.tidy(() => tf.variable(tf.zeros([tensors]) as Tensor1D, false));
  return {
    variables: [steps, first],
    observe({ raw }) {
      tf.tidy(() => {
        steps.assign(tf.add(steps, tf.scalar(1)));
        const bad = tf.stack(raw.map((gradient) => tf.any(tf.logicalNot(tf.isFinite(gradient)))));
        const now = tf.logicalAnd(bad, tf.equal(first, tf.scalar(0)));
        first.assign(tf.where(now, tf.mul(steps, tf.onesLike(first)), first));
      });
    },
    reset() {
      tf.tidy(() => {
        steps.assign(tf.scalar(0));
        first.assign(tf.zeros([tensors]));
      });
    },
    read: () => first.data<"float32">(),
    dispose() {
      steps.dispose();
      first.dispose();
    },
  };
}
