import { type BestOfOptions, checkedBestOf, probabilityBelow } from "./best-of-distribution";

/**
 * How likely chance alone gives the best of k trials a gain over the baseline's mean as large as the one found.
 *
 * The model is that of `bestOfByChance`. Where it is above 0.05, the gain says nothing.
 *
 * @param gain Best trial − mean of the baseline, in the unit of `deviation`.
 * @param options How many trials the best is of, the baselines' deviation and how many they are.
 * @returns a probability; with a deviation of 0 it is 1 for a gain of 0 or less and 0 otherwise
 * @throws {RangeError} if an argument is out of the ranges that `bestOfByChance` names
 * @example
 * import * as ga from "gradamp";
 *
 * console.log(ga.statistics.chanceOfGain(0.5, { trials: 19, deviation: 0.25, baselineRuns: 5 })); // 0.49
 */
export function chanceOfGain(gain: number, options: BestOfOptions): number {
  const { trials, deviation, baselineRuns = null } = checkedBestOf(options);
  if (!Number.isFinite(gain)) throw new RangeError(`Expected gain to be finite but found ${gain}`);
  if (deviation === 0) return gain > 0 ? 0 : 1;
  return 1 - probabilityBelow(gain / deviation, trials, baselineRuns);
}
