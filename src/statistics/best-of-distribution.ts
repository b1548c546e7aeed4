import normalCdf from "@stdlib/stats-base-dists-normal-cdf";

import { checkCount } from "./check-numbers";

export interface BestOfOptions {
  /** k: how many settings were tried, of which the best by test accuracy is reported. */
  trials: number;
  /** Standard deviation of a single run over seeds, in the unit of the accuracies. */
  deviation: number;
  /** How many runs the baseline's mean is of.  Default (null): so many that the mean is known exactly. */
  baselineRuns?: number | null;
}

/** P(best of k − baseline's mean ≤ x), in standard deviations. */
export function probabilityBelow(x: number, trials: number, baselineRuns: number | null): number {
  if (baselineRuns === null) return normalCdf(x, 0, 1) ** trials;
  const spread = 1 / Math.sqrt(baselineRuns);
  const density = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return integrate((z) => density(z) * normalCdf(x + z * spread, 0, 1) ** trials, -limit, limit);
}

/** Beyond so many standard deviations a normal density is below the resolution of a double. */
export const limit = 9;

/** Simpson's rule, which is exact to 1e-12 on these smooth functions. */
export function integrate(f: (x: number) => number, from: number, to: number): number {
  const steps = 600;
  const width = (to - from) / steps;
  let sum = f(from) + f(to);
  for (let i = 1; i < steps; i++) sum += (i % 2 === 1 ? 4 : 2) * f(from + i * width);
  return (sum * width) / 3;
}

/** @throws RangeError as `bestOfByChance` says. */
export function checkedBestOf(options: BestOfOptions): BestOfOptions {
  checkCount(options.trials, "trials");
  if (options.baselineRuns !== null && options.baselineRuns !== undefined) {
    checkCount(options.baselineRuns, "baselineRuns");
  }
  if (!(options.deviation >= 0 && Number.isFinite(options.deviation))) {
    throw new RangeError(`Expected deviation to be 0 or more but found ${options.deviation}`);
  }
  return options;
}
