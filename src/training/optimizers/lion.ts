import { LION, type LionOptions, type Optimizer, readFields } from "../../spec";
import { tf } from "../../tensorflow";
import { shrunk } from "./decay";
import { describedOptimizer, startOptimizer } from "./optimizer";

/**
 * Lion: every weight moves by the rate, whatever its gradient's size; only the sign counts.
 * `w ← (1 − η·decay)·w − η·sign(β₁·m + (1−β₁)·g)`, `m ← β₂·m + (1−β₂)·g`.
 *
 * Source: Chen et al. 2023, "Symbolic Discovery of Optimization Algorithms", algorithm 2.
 *
 * @param options learning rate, moments' decay and weight decay
 * @throws {RangeError} if a setting is out of range
 *
 * @example
 * import * as ga from "gradamp";
 * console.log(ga.lion({ learningRate: 1e-4, weightDecay: 0.1 }).settings);
 */
export function lion(options: LionOptions = {}): Optimizer {
  const settings = readFields(LION, options);
  const { beta1, beta2 } = settings;
  return {
    ...describedOptimizer("lion", settings, options),
    scaleInvariant: true,
    start: (variables) =>
      startOptimizer(variables, 1, (variable, gradient, [momentum], { learningRate }) => {
        const direction = tf.sign(tf.add(tf.mul(momentum!, beta1), tf.mul(gradient, 1 - beta1)));
        const m = tf.add(tf.mul(momentum!, beta2), tf.mul(gradient, 1 - beta2));
        const value = tf.sub(shrunk(variable, learningRate, settings), tf.mul(direction, learningRate));
        return { value, slots: [m] };
      }),
  };
}
