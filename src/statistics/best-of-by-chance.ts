import { type BestOfOptions, checkedBestOf, limit, probabilityBelow } from "./best-of-distribution";
import { expectedBestOf } from "./expected-best-of";

/** What chance alone gives to who reports the best of several trials. */
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
 * with the deviation of the baseline's own runs.  The papers report the best of up to nineteen thresholds or a hundred
 * and twenty-one pairs of ratios, by test accuracy, against the mean of five baselines; this is what such a "best" is
 * worth before the method has done anything.  Trials that share a beginning or a seed are not independent, and the true
 * figure is then lower; the deviation of few baselines is itself uncertain.
 *
 * @throws RangeError for trials or baselineRuns that are no positive integers, and for a negative deviation.
 * @example
 * import * as ga from "gradamp";
 *
 * // The best of 19 thresholds where single runs scatter by 0.25 percentage points: +0.46 on average, up to +0.76.
 * console.log(ga.statistics.bestOfByChance({ trials: 19, deviation: 0.25, baselineRuns: 5 }));
 */
export function bestOfByChance(options: BestOfOptions): BestOfChance {
  const { trials, deviation, baselineRuns = null } = checkedBestOf(options);
  const expected = deviation * expectedBestOf(trials);
  let low = -limit;
  let high = limit;
  // Bisection: the distribution function rises everywhere, and sixty halvings leave nothing of the interval.
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (probabilityBelow(middle, trials, baselineRuns) < 0.95) low = middle;
    else high = middle;
  }
  return { expected, high: deviation * low };
}
