import { ADAMW, type AdamWOptions, type Optimizer, readFields } from "../../spec";
import { tf } from "../../tensorflow";
import { adamStep } from "./adam-step";
import { shrunk } from "./decay";
import { describedOptimizer, startOptimizer } from "./optimizer";

/**
 * Adam with decoupled weight decay, as `torch.optim.AdamW`: `w ← (1 − η·decay)·w`, then Adam's step.
 *
 * Source: Loshchilov and Hutter 2019, "Decoupled Weight Decay Regularization".
 *
 * @param options learning rate, moments' decay, epsilon and weight decay
 * @throws {RangeError} if a setting is out of range
 *
 * @example
 * import * as ga from "gradamp";
 * console.log(ga.adamw({ weightDecay: 0.05, decayed: "kernels" }).settings);
 */
export function adamw(options: AdamWOptions = {}): Optimizer {
  const settings = readFields(ADAMW, options);
  return {
    ...describedOptimizer("adamw", settings, options),
    scaleInvariant: true,
    start: (variables) =>
      startOptimizer(variables, 2, (variable, gradient, slots, scalars) => {
        const step = adamStep(gradient, slots, scalars, settings);
        return { value: tf.sub(shrunk(variable, scalars.learningRate, settings), step.moved), slots: step.slots };
      }),
  };
}
