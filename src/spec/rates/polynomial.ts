import { atLeast0, checkOptions, number, refuse } from "../../options";
import { bySteps, checkRate, type LearningRateSchedule } from "./schedule";

const exponent = number("to be above 0", (value) => value > 0);

/**
 * A rate that falls by the step along a power of what is left: `min + (rate − min)·(1 − t/steps)^power` with t counted from
 * 0; a straight line for power 1.
 *
 * As `PolynomialLR` of PyTorch and Keras's `PolynomialDecay` over all steps of the run.
 *
 * @param rate η at the start, above 0
 * @param rate the first step's
 * @param options.power Default: 1
 * @param options.min where it would end after the last step. Default: 0
 * @throws {RangeError} unless the power is above 0, and 0 ≤ min ≤ rate
 *
 * @example
 * import * as ga from "gradamp";
 * const { atStep } = ga.polynomial(0.1, { power: 2 });
 * console.log(atStep!({ step: 51, steps: 100, stepsPerEpoch: 10, epoch: 6, epochs: 10 })); // 0.025
 */
export function polynomial(rate: number, options: { power?: number; min?: number } = {}): LearningRateSchedule {
  checkOptions("polynomial", options, { power: exponent, min: atLeast0 });
  const { power = 1, min = 0 } = options;
  checkRate(rate);
  if (!(min >= 0 && min <= rate)) refuse("min", `to lie in [0, ${rate}]`, min, typeof min === "number");
  return bySteps(
    `polynomial(${rate}, power ${power}, min ${min})`,
    { polynomial: rate, power, min },
    ({ step, steps }) => min + (rate - min) * Math.max(0, 1 - (step - 1) / steps) ** power,
  );
}
