import { checkList, checkOptions, share } from "../options";
import { mean, sampleStandardDeviation } from "simple-statistics";

import { checkConfidence, checkNumbers } from "./check-numbers";
import { studentQuantile } from "./distributions";

/** Options of `ga.statistics.summarise`. */
export interface SummariseOptions {
  /** How often such an interval covers the true mean, from 0 to 1. Default: 0.95. */
  confidence?: number;
}

/** What several runs of the same thing say together. */
export interface Summary {
  /** How many values. */
  n: number;
  /** Null for no value. */
  mean: number | null;
  /** Sample standard deviation (n − 1); null for fewer than two values. */
  deviation: number | null;
  /** Lower end of the interval for the mean; null for fewer than two values. */
  low: number | null;
  /** Upper end. */
  high: number | null;
}

/**
 * Mean, sample standard deviation and confidence interval of a few values, as accuracies over seeds.
 *
 * The interval is Student's: mean ± t(n − 1) · deviation / √n, where t is 4.30 for three seeds and 2.78 for five. It
 * says how well the mean is known, the deviation how far single runs lie from it.
 *
 * @param values One number a seed.
 * @param options `confidence` of the interval (default: 0.95).
 * @throws {RangeError} for values that are NaN or infinite, and for a confidence outside (0, 1)
 * @example
 * import * as ga from "gradamp";
 *
 * const { mean, low, high } = ga.statistics.summarise([0.9107, 0.9121, 0.9096]);
 * console.log(mean, low, high); // 0.9108, 0.9077, 0.9139
 */
export function summarise(values: readonly number[], options: SummariseOptions = {}): Summary {
  checkOptions("statistics.summarise", options, { confidence: share });
  checkList(values, "a list of numbers");
  const { confidence = 0.95 } = options;
  checkConfidence(confidence);
  checkNumbers(values, "values");
  const n = values.length;
  if (n === 0) return { n, mean: null, deviation: null, low: null, high: null };
  const centre = mean([...values]);
  if (n === 1) return { n, mean: centre, deviation: null, low: null, high: null };
  const deviation = sampleStandardDeviation([...values]);
  const half = halfWidth({ n, deviation }, confidence);
  return { n, mean: centre, deviation, low: centre - half, high: centre + half };
}

/** Half the width of Student's interval for the mean of n values. */
export function halfWidth({ n, deviation }: { n: number; deviation: number }, confidence: number): number {
  return (studentQuantile((1 + confidence) / 2, n - 1) * deviation) / Math.sqrt(n);
}
