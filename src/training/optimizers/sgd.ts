import { type Optimizer, readFields, SGD, type SgdOptions, toSchedule } from "../../spec";
import { tf } from "../../tensorflow";
import { startOptimizer } from "./optimizer";

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
  const { learningRate, momentum, weightDecay } = readFields(SGD, options);
  const schedule = toSchedule(learningRate);
  return {
    name: "sgd",
    learningRate: schedule,
    hasOwnRate: options.learningRate !== undefined,
    settings: { learningRate: schedule.spec ?? schedule.description, momentum, weightDecay },
    scaleInvariant: false,
    start: (variables) =>
      startOptimizer(variables, momentum > 0 ? 1 : 0, (variable, gradient, [slot], { learningRate: rate }) => {
        const decayed = weightDecay > 0 ? tf.add(gradient, tf.mul(variable, weightDecay)) : gradient;
        const step = slot ? tf.add(tf.mul(slot, momentum), decayed) : decayed;
        return { value: tf.sub(variable, tf.mul(step, rate)), slots: slot ? [step] : [] };
      }),
  };
}
