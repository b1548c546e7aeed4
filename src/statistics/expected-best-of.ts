import { integrate, limit } from "./best-of-distribution";
import { checkCount } from "./check-numbers";
import { normalCdf } from "./distributions";

/**
 * The expected largest of k draws from the standard normal distribution: 0 for one, 0.56 for two, 1.54 for ten, 2.30 for
 * fifty-seven.
 *
 * @param trials k, a positive integer
 * @throws {RangeError} for another number
 * @example
 * import * as ga from "gradamp";
 *
 * console.log(ga.statistics.expectedBestOf(19)); // 1.844
 */
export function expectedBestOf(trials: number): number {
  checkCount(trials, "trials");
  if (trials === 1) return 0;
  // E[max] = ∫ x d(Φ(x)^k) = ∫₀^∞ (1 − Φ^k) − ∫_{-∞}^0 Φ^k, which by reflection is one integral from 0 on.
  return integrate((x) => 1 - normalCdf(x, 0, 1) ** trials - normalCdf(-x, 0, 1) ** trials, 0, limit);
}
