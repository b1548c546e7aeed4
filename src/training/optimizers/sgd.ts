import { tf } from "../../tensorflow";
import { type LearningRate, toSchedule } from "./learning-rate";
import { type Optimizer, startOptimizer } from "./optimizer";

/** Settings of {@link sgd}. */
export interface SgdOptions {
  /** η; 0.1 by default. */
  learningRate?: LearningRate;
  /** In [0, 1); 0.9 by default, 0 for plain SGD. */
  momentum?: number;
  /** Coupled: added to the gradient before momentum, as PyTorch's SGD does; 0 by default. */
  weightDecay?: number;
}

/**
 * Stochastic gradient descent with momentum and coupled weight decay, as `torch.optim.SGD`.
 *
 * `g ← g + decay·w`, `m ← momentum·m + g`, `w ← w − η·m`.
 *
 * @throws {RangeError} if a setting is out of range
 *
 * @example
 * import * as ga from "gradamp";
 * console.log(ga.sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4 }).settings);
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  const { learningRate = 0.1, momentum = 0.9, weightDecay = 0 } = options;
  const schedule = toSchedule(learningRate);
  if (!(momentum >= 0 && momentum < 1))
    throw new RangeError(`Expected momentum to lie in [0, 1) but found ${momentum}`);
  if (!(weightDecay >= 0)) throw new RangeError(`Expected weight decay to be at least 0 but found ${weightDecay}`);
  return {
    name: "sgd",
    learningRate: schedule,
    hasOwnRate: options.learningRate !== undefined,
    settings: { learningRate: schedule.description, momentum, weightDecay },
    scaleInvariant: false,
    start: (variables) =>
      startOptimizer(variables, momentum > 0 ? 1 : 0, (variable, gradient, [slot], { learningRate: rate }) => {
        const decayed = weightDecay > 0 ? tf.add(gradient, tf.mul(variable, weightDecay)) : gradient;
        const step = slot ? tf.add(tf.mul(slot, momentum), decayed) : decayed;
        return { value: tf.sub(variable, tf.mul(step, rate)), slots: slot ? [step] : [] };
      }),
  };
}
