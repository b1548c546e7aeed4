import { type BestOfOptions, checkedBestOf, expectedDeviation, probabilityBelow } from "./best-of-distribution";
import { expectedBestOf } from "./expected-best-of";

/** The gain that chance alone produces when only the best of several trials is reported. */
export interface BestOfChance {
  /** The expected gain of the best trial over the mean of the baseline, in the unit of `deviation`. */
  expected: number;
  /** The gain that is exceeded by chance once in twenty times. */
  high: number;
}

/**
 * The gain over the baseline's mean that the best of k trials shows although none of them has any effect.
 *
 * Each trial is one run, which lies off the baseline's true mean by its seed's luck: normally distributed, independent,
 * with the deviation of the baseline's own runs. The papers report the best of up to nineteen thresholds or a hundred
 * and twenty-one pairs of ratios, by test accuracy, against the mean of five baselines; this is what such a "best" is
 * worth before the method has done anything. It needs no validation split. Trials that share a beginning or a seed are
 * not independent, and the true figure is then lower.
 *
 * `high` is calibrated: with `baselineRuns` the distribution is the predictive one (Student's, n − 1 degrees of freedom,
 * and the best of k of it), in which the baseline's mean and its deviation are as uncertain as n runs leave them. In a
 * simulation, gains without any effect exceeded it in 5.0 to 5.1 % of 40,000 tables for (k, n) = (8, 3), (16, 3), (19, 5)
 * and (76, 10); a deviation taken as exact would have been exceeded in 18 to 29 %.
 *
 * @param options How many trials the best is of, the baselines' deviation and how many they are.
 * @throws {RangeError} for trials that are no positive integer, baselineRuns below 2, and a negative deviation
 * @example
 * import * as ga from "gradamp";
 *
 * // The best of 19 thresholds where five baselines scatter by 0.25 percentage points: +0.49 on average, up to +1.3.
 * console.log(ga.statistics.bestOfByChance({ trials: 19, deviation: 0.25, baselineRuns: 5 }));
 */
export function bestOfByChance(options: BestOfOptions): BestOfChance {
  const { trials, deviation, baselineRuns = null } = checkedBestOf(options);
  // A sample deviation is too small on average.
  const scale = baselineRuns === null ? 1 : 1 / expectedDeviation(baselineRuns);
  return {
    expected: deviation * scale * expectedBestOf(trials),
    high: deviation * quantile(0.95, trials, baselineRuns),
  };
}

/** Where the distribution reaches a probability above a half. */
function quantile(probability: number, trials: number, baselineRuns: number | null): number {
  const excess = (x: number) => probabilityBelow(x, trials, baselineRuns) - probability;
  let [low, high] = [0, 1];
  while (excess(high) < 0) [low, high] = [high, 2 * high];
  let [below, above] = [excess(low), excess(high)];
  // Regula falsi after Illinois: an end that stays has its value halved, so that both ends close in.
  for (let i = 0; i < 100 && high - low > 1e-13 * high; i++) {
    const middle = (low * above - high * below) / (above - below);
    const value = excess(middle);
    if (Math.abs(value) < 1e-15) return middle;
    if (value < 0) {
      if (i > 0) above /= 2;
      [low, below] = [middle, value];
    } else {
      if (i > 0) below /= 2;
      [high, above] = [middle, value];
    }
  }
  return (low + high) / 2;
}
