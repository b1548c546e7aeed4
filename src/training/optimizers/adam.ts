import { ADAM, type AdamOptions, type Optimizer, readFields, toSchedule } from "../../spec";
import { tf } from "../../tensorflow";
import { startOptimizer } from "./optimizer";

/**
 * Adam, as `torch.optim.Adam`: `w ← w − η/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε)`.
 *
 * @throws {RangeError} if a setting is out of range
 *
 * @example
 * import * as ga from "gradamp";
 * console.log(ga.adam({ learningRate: ga.cosine(1e-3, { min: 2e-5 }) }).settings);
 */
export function adam(options: AdamOptions = {}): Optimizer {
  const { learningRate, beta1, beta2, epsilon, weightDecay } = readFields(ADAM, options);
  const schedule = toSchedule(learningRate);
  return {
    name: "adam",
    learningRate: schedule,
    hasOwnRate: options.learningRate !== undefined,
    settings: { learningRate: schedule.spec ?? schedule.description, beta1, beta2, epsilon, weightDecay },
    scaleInvariant: true,
    start: (variables) =>
      startOptimizer(variables, 2, (variable, gradient, [first, second], { learningRate: rate, step }) => {
        const decayed = weightDecay > 0 ? tf.add(gradient, tf.mul(variable, weightDecay)) : gradient;
        const m = tf.add(tf.mul(first!, beta1), tf.mul(decayed, 1 - beta1));
        const v = tf.add(tf.mul(second!, beta2), tf.mul(tf.square(decayed), 1 - beta2));
        const stepSize = tf.div(rate, tf.sub(1, tf.pow(beta1, step)));
        const correction = tf.sqrt(tf.sub(1, tf.pow(beta2, step)));
        const denominator = tf.add(tf.div(tf.sqrt(v), correction), epsilon);
        return { value: tf.sub(variable, tf.mul(stepSize, tf.div(m, denominator))), slots: [m, v] };
      }),
  };
}
