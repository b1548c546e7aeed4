import { checkOptions, number, oneOf } from "../../options";
import { bySteps, checkRate, halfCosine, type LearningRateSchedule } from "./schedule";

const divisor = number("to be at least 1", (value) => value >= 1);
const share = number("to lie in (0, 1)", (value) => value > 0 && value < 1);
const way = oneOf("cosine", "line");

/**
 * One cycle over the whole run, by the step: up from `max / divide` to `max`, then down to `max / divide /
 * divideAtEnd`.
 *
 * Source: Smith and Topin 2018, "Super-Convergence"; as `OneCycleLR` of PyTorch without its momentum, which stays as
 * the optimizer has it.
 *
 * @param max the highest rate
 * @param options.warmUp share of all steps on the way up (`pct_start`). Default: 0.3
 * @param options.divide `max` is so many times the first rate (`div_factor`). Default: 25
 * @param options.divideAtEnd the first rate is so many times the last (`final_div_factor`). Default: 10,000
 * @param options.along the way up and down: half a cosine each, or a line. Default: `"cosine"`
 * @throws {RangeError} if a value makes no sense
 *
 * @example
 * import * as ga from "gradamp";
 * const optimizer = ga.sgd({ learningRate: ga.oneCycle(0.4) });
 * console.log(optimizer.learningRate.description); // oneCycle(0.4, warmUp 0.3, divide 25, divideAtEnd 10000, along cosine)
 */
export function oneCycle(
  max: number,
  options: { warmUp?: number; divide?: number; divideAtEnd?: number; along?: "cosine" | "line" } = {},
): LearningRateSchedule {
  checkOptions("oneCycle", options, { warmUp: share, divide: divisor, divideAtEnd: divisor, along: way });
  const { warmUp = 0.3, divide = 25, divideAtEnd = 1e4, along = "cosine" } = options;
  checkRate(max);
  const first = max / divide;
  const last = first / divideAtEnd;
  const between = (from: number, to: number, done: number) =>
    along === "cosine" ? to + (from - to) * halfCosine(done) : from + (to - from) * done;
  return bySteps(
    `oneCycle(${max}, warmUp ${warmUp}, divide ${divide}, divideAtEnd ${divideAtEnd}, along ${along})`,
    { oneCycle: max, warmUp, divide, divideAtEnd, along },
    ({ step, steps }) => {
      const at = step - 1;
      const top = warmUp * steps - 1;
      if (at <= top && top > 0) return between(first, max, at / top);
      const down = steps - 1 - Math.max(0, top);
      return down <= 0 ? max : between(max, last, Math.min(1, (at - Math.max(0, top)) / down));
    },
  );
}
