import { type Optimizer, readFields, SGD, type SgdOptions } from "../../spec";
import { tf } from "../../tensorflow";
import { withDecay } from "./decay";
import { describedOptimizer, startOptimizer } from "./optimizer";

/**
 * Stochastic gradient descent with momentum, Nesterov's or plain, and coupled weight decay, as `torch.optim.SGD`.
 *
 * `g ← g + decay·w`, `m ← momentum·m + g`, `w ← w − η·m`; Nesterov's `w ← w − η·(g + momentum·m)`.
 *
 * Source: Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning", section 2.
 *
 * @param options learning rate, momentum and weight decay
 * @throws {RangeError} if a setting is out of range, or Nesterov's momentum is 0
 *
 * @example
 * import * as ga from "gradamp";
 * console.log(ga.sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4 }).settings);
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  const settings = readFields(SGD, options);
  const { momentum, nesterov } = settings;
  if (nesterov && momentum === 0)
    throw new RangeError("Expected momentum to be above 0 with nesterov but found 0: 0.9, say, or leave nesterov out");
  return {
    ...describedOptimizer("sgd", settings, options),
    scaleInvariant: false,
    start: (variables) =>
      startOptimizer(variables, momentum > 0 ? 1 : 0, (variable, gradient, [slot], { learningRate }) => {
        const decayed = withDecay(gradient, variable, settings);
        const m = slot ? tf.add(tf.mul(slot, momentum), decayed) : decayed;
        const step = nesterov ? tf.add(decayed, tf.mul(m, momentum)) : m;
        return { value: tf.sub(variable, tf.mul(step, learningRate)), slots: slot ? [m] : [] };
      }),
  };
}
