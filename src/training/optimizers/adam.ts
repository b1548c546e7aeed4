import { tf } from "../../tensorflow";
import { type LearningRate, toSchedule } from "./learning-rate";
import { type Optimizer, startOptimizer } from "./optimizer";

/** Settings of {@link adam}. */
export interface AdamOptions {
  /** η; 1e-3 by default. */
  learningRate?: LearningRate;
  /** Decay of the first moment, in [0, 1); 0.9 by default. */
  beta1?: number;
  /** Decay of the second moment, in [0, 1); 0.999 by default. */
  beta2?: number;
  /** Added to the root of the second moment; 1e-8 by default, as PyTorch (tfjs has 1e-7). */
  epsilon?: number;
  /** Coupled, added to the gradient; 0 by default. */
  weightDecay?: number;
}

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
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  const schedule = toSchedule(learningRate);
  for (const [name, beta] of Object.entries({ beta1, beta2 })) {
    if (!(beta >= 0 && beta < 1)) throw new RangeError(`Expected ${name} to lie in [0, 1) but found ${beta}`);
  }
  if (!(epsilon > 0)) throw new RangeError(`Expected epsilon to be above 0 but found ${epsilon}`);
  if (!(weightDecay >= 0)) throw new RangeError(`Expected weight decay to be at least 0 but found ${weightDecay}`);
  return {
    name: "adam",
    learningRate: schedule,
    hasOwnRate: options.learningRate !== undefined,
    settings: { learningRate: schedule.description, beta1, beta2, epsilon, weightDecay },
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
