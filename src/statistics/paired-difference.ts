import { checkArgument, checkOptions, checkRows, share } from "../options";
import { checkConfidence } from "./check-numbers";

import { studentCdf } from "./distributions";
import { halfWidth, summarise, type SummariseOptions, type Summary } from "./summarise";

/** One run's number, with the seed that it shares with its baseline. */
export interface SeedValue {
  /** What the run was seeded with: it pairs the run with the other side's. */
  seed: number;
  /** What was measured of the run. */
  value: number;
}

/** What the differences between pairs of runs with the same seed say; `mean` is treated − baseline. */
export interface PairedDifference extends Summary {
  /**
   * How likely so large a difference, in either direction, is where there is none (paired t test); null for fewer than two
   * pairs, and where all differences are 0.
   */
  pValue: number | null;
  /** The seeds that only one side has; they are left out. */
  unpaired: number[];
}

/**
 * Compares runs with baseline runs of the same seeds, pair by pair.
 *
 * Runs that share a seed share initial weights, the order of the samples and augmentation, so that what these contribute
 * falls out of the difference, and a smaller gain can be told from chance than by comparing two means.
 *
 * @param treated The runs that the question is about, one a seed.
 * @param baseline The runs they are compared with, one a seed.
 * @param options `confidence` of the interval (default: 0.95).
 * @throws {RangeError} if a seed comes twice on one side, for values that are NaN or infinite, and for a confidence
 *   outside (0, 1)
 * @example
 * import * as ga from "gradamp";
 *
 * const baseline = [{ seed: 1, value: 0.91 }, { seed: 2, value: 0.905 }, { seed: 3, value: 0.915 }];
 * const amplified = [{ seed: 1, value: 0.92 }, { seed: 2, value: 0.916 }, { seed: 3, value: 0.926 }];
 * const { mean, low, high } = ga.statistics.pairedDifference(amplified, baseline);
 * console.log(mean, low, high); // 0.0107, 0.0092, 0.0121
 */
export function pairedDifference(
  treated: readonly SeedValue[],
  baseline: readonly SeedValue[],
  options: SummariseOptions = {},
): PairedDifference {
  checkOptions("statistics.pairedDifference", options, { confidence: share });
  checkRows(treated, "a list of runs, { seed, value },");
  checkRows(baseline, "a list of runs, { seed, value },");
  const ours = bySeed(treated, "treated runs");
  const theirs = bySeed(baseline, "baseline runs");
  const differences: number[] = [];
  const unpaired = [...theirs.keys()].filter((seed) => !ours.has(seed));
  for (const [seed, value] of ours) {
    const other = theirs.get(seed);
    if (other === undefined) unpaired.push(seed);
    else differences.push(value - other);
  }
  const summary = summarise(differences, options);
  return { ...summary, pValue: pValueOf(summary), unpaired: unpaired.sort((a, b) => a - b) };
}

/**
 * The same differences with an interval of another confidence, as Holm's correction asks for.
 *
 * @param difference What `pairedDifference` gave.
 * @param confidence From 0 to 1.
 * @throws {TypeError} if an argument is of another kind
 * @example
 * import * as ga from "gradamp";
 *
 * const runs = (values: readonly number[]) => values.map((value, seed) => ({ seed, value }));
 * const gain = ga.statistics.pairedDifference(runs([0.62, 0.64, 0.63]), runs([0.6, 0.61, 0.62]));
 * console.log(ga.statistics.summariseDifference(gain, 0.99).low! < gain.low!); // true
 */
export function summariseDifference(difference: PairedDifference, confidence: number): PairedDifference {
  checkArgument(difference, "a difference, as of pairedDifference,", "mean");
  checkConfidence(confidence);
  const { n, mean, deviation } = difference;
  if (mean === null || deviation === null) return difference;
  const half = halfWidth({ n, deviation }, confidence);
  return { ...difference, low: mean - half, high: mean + half };
}

function pValueOf({ n, mean, deviation }: Summary): number | null {
  if (mean === null || deviation === null || (deviation === 0 && mean === 0)) return null;
  // Equal differences that are not 0: t is infinite, and the distribution function is 0 there.
  return 2 * studentCdf(-Math.abs(mean) / (deviation / Math.sqrt(n)), n - 1);
}

function bySeed(runs: readonly SeedValue[], what: string): Map<number, number> {
  const values = new Map<number, number>();
  for (const { seed, value } of runs) {
    if (values.has(seed)) throw new RangeError(`Expected one of the ${what} for each seed but found two for ${seed}`);
    values.set(seed, value);
  }
  return values;
}
