import { checkList } from "../options";
import { checkConfidence } from "./check-numbers";

/** What one of several questions that are asked at once may claim. */
export interface HolmResult {
  /** The p value times how many questions it competes with, at most 1; null where there was none. */
  readonly adjusted: number | null;
  /**
   * The confidence of the interval that is judged by: it excludes 0 exactly where `adjusted` is below 1 − confidence.
   */
  readonly confidence: number;
}

/**
 * Holm's step-down correction for several questions asked at once: with it, none of those that have no effect is found
 * to have one in 95 % of all tables, whatever depends on what.
 *
 * The smallest p value counts m times, the next m − 1 times, and so on; from the first on that is not small enough,
 * none is. Questions without a p value are not asked and do not count.
 *
 * Source: Holm 1979, A simple sequentially rejective multiple test procedure.
 *
 * @param pValues From 0 to 1; null where none could be computed.
 * @param confidence Of the whole table. Default: 0.95.
 * @throws {RangeError} for p values outside [0, 1]
 * @example
 * import * as ga from "gradamp";
 *
 * console.log(ga.statistics.holm([0.01, 0.04, 0.03, null]).map(({ adjusted }) => adjusted)); // 0.03, 0.06, 0.06, null
 */
export function holm(pValues: readonly (number | null)[], confidence = 0.95): HolmResult[] {
  checkList(pValues, "a list of p values");
  checkConfidence(confidence);
  for (const p of pValues)
    if (p !== null && !(p >= 0 && p <= 1)) throw new RangeError(`Expected p values between 0 and 1 but found ${p}`);
  const alpha = 1 - confidence;
  const asked = pValues.flatMap((p, at) => (p === null ? [] : [{ p, at }])).sort((a, b) => a.p - b.p);
  const results: HolmResult[] = pValues.map(() => ({ adjusted: null, confidence }));
  let adjusted = 0;
  let stopped: number | null = null;
  asked.forEach(({ p, at }, rank) => {
    const competing = asked.length - rank;
    adjusted = Math.max(adjusted, Math.min(1, p * competing));
    if (adjusted >= alpha) stopped ??= competing;
    results[at] = { adjusted, confidence: 1 - alpha / (stopped ?? competing) };
  });
  return results;
}
