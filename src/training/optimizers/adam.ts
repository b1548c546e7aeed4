import { ADAM, type AdamOptions, type Optimizer, readFields } from "../../spec";
import { tf } from "../../tensorflow";
import { adamStep } from "./adam-step";
import { withDecay } from "./decay";
import { describedOptimizer, startOptimizer } from "./optimizer";

/**
 * Adam, as `torch.optim.Adam`: `w ← w − η/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε)`.
 *
 * Source: Kingma and Ba 2015, "Adam: A Method for Stochastic Optimization", Algorithm 1.
 *
 * @param options learning rate, moments' decay, epsilon and weight decay
 * @throws {RangeError} if a setting is out of range
 *
 * @example
 * import * as ga from "gradamp";
 * console.log(ga.adam({ learningRate: ga.cosine(1e-3, { min: 2e-5 }) }).settings);
 */
export function adam(options: AdamOptions = {}): Optimizer {
  const settings = readFields(ADAM, options);
  return {
    ...describedOptimizer("adam", settings, options),
    scaleInvariant: true,
    start: (variables) =>
      startOptimizer(variables, 2, (variable, gradient, slots, scalars) => {
        const step = adamStep(withDecay(gradient, variable, settings), slots, scalars, settings);
        return { value: tf.sub(variable, step.moved), slots: step.slots };
      }),
  };
}
