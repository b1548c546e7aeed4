import { checkOptions, orNull, required, value } from "../options";

import { checkCount } from "./check-numbers";
import { normalCdf } from "./distributions";

/** Options of `ga.statistics.bestOfByChance`. */
export interface BestOfOptions {
  /** k: how many settings were tried, of which the best by test accuracy is reported. */
  trials: number;
  /** Standard deviation of single runs over seeds, in the unit of the accuracies. */
  deviation: number;
  /**
   * n: of how many runs the baseline's mean and `deviation` were computed, 2 or more. Default: null, so many that
   * both are known exactly.
   */
  baselineRuns?: number | null;
}

/**
 * P(best of k − baseline's mean ≤ x), in standard deviations as the baseline's own n runs show them.
 *
 * Best, mean and deviation are all random: with n runs the deviation is a χ of n − 1 degrees of freedom, so that for
 * one trial this is Student's predictive distribution, t(n − 1) · √(1 + 1 / n).
 */
export function probabilityBelow(x: number, trials: number, baselineRuns: number | null): number {
  if (baselineRuns === null) return normalCdf(x, 0, 1) ** trials;
  return average(deviations(baselineRuns - 1), (s) => {
    const below = (mean: number) => normalCdf(x * s + mean, 0, 1) ** trials;
    return average(baselineMeans(baselineRuns), below);
  });
}

/**
 * The expected sample deviation of n runs as a share of the true one (the factor c₄): 0.80 for two runs, 0.94 for five.
 */
export const expectedDeviation = (runs: number) => average(deviations(runs - 1), (s) => s);

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

/** A distribution as points with weights that add up to 1. */
type Points = readonly (readonly [value: number, weight: number])[];

const average = (points: Points, f: (value: number) => number) =>
  points.reduce((sum, [value, weight]) => sum + weight * f(value), 0);

/** The trapezoidal rule, which converges exponentially for densities that fall off smoothly at both ends. */
function points(
  from: number,
  to: number,
  step: number,
  value: (u: number) => number,
  logDensity: (u: number) => number,
): Points {
  const found: [number, number][] = [];
  for (let u = from; u <= to; u += step) {
    const density = Math.exp(logDensity(u));
    if (density > 1e-17) found.push([value(u), density]);
  }
  const total = found.reduce((sum, [, weight]) => sum + weight, 0);
  return found.map(([at, weight]) => [at, weight / total]);
}

const known = new Map<string, Points>();
function once(key: string, make: () => Points): Points {
  const made = known.get(key) ?? make();
  known.set(key, made);
  return made;
}

/** The mean of n standard normal draws. */
const baselineMeans = (runs: number) =>
  once(`mean ${runs}`, () => points(-limit, limit, 0.15, (z) => z / Math.sqrt(runs), (z) => (-z * z) / 2)); // prettier-ignore

/** √(χ² / ν), over the logarithm of it. */
const deviations = (freedom: number) =>
  once(`deviation ${freedom}`, () => {
    // The density of log s, up to a factor: s^ν e^(−ν s² / 2), whose largest value is at s = 1.
    const logDensity = (u: number) => freedom * (u - (Math.exp(2 * u) - 1) / 2);
    const width = 1 / Math.sqrt(freedom);
    return points(-40 / freedom - limit * width, limit * width, Math.min(0.12, width / 4), Math.exp, logDensity);
  });

// Whether it makes sense is said more exactly below.
const one = value<number>("to be a number", (found) => typeof found === "number");

/** @throws {RangeError} if an argument is out of the ranges that `bestOfByChance` names */
export function checkedBestOf(options: BestOfOptions): BestOfOptions {
  checkOptions("bestOfByChance", options, {
    trials: required(one),
    deviation: required(one),
    baselineRuns: orNull(one),
  });
  checkCount(options.trials, "trials");
  const { baselineRuns = null, deviation } = options;
  if (baselineRuns !== null && !(Number.isInteger(baselineRuns) && baselineRuns >= 2)) {
    throw new RangeError(
      `Expected baselineRuns to be an integer of 2 or more but found ${baselineRuns}: one run has no deviation; leave it ` +
        `out where the deviation is known from elsewhere`,
    );
  }
  if (!(deviation >= 0 && Number.isFinite(deviation))) {
    throw new RangeError(`Expected deviation to be 0 or more but found ${deviation}`);
  }
  return options;
}
