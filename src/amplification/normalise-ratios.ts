/**
 * (x − mean) / σ with the population's σ, over the values that are finite; others become NaN.  σ = 0 gives all zeros.
 *
 * Source: Basodi et al. 2023, eq. 6.
 *
 * @example
 * import * as ga from "gradamp";
 * console.log(ga.normaliseRatios([1, 2, 3]));  // [-1.22, 0, 1.22]
 */
export function normaliseRatios(values: readonly number[]): number[] {
  const finite = values.filter(Number.isFinite);
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  const deviation = Math.sqrt(finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / finite.length);
  // Equal values have a mean that is off by a rounding, and a deviation of that size.
  const none = deviation <= 1e-12 * Math.abs(mean);
  return values.map((value) => (Number.isFinite(value) ? (none ? 0 : (value - mean) / deviation) : Number.NaN));
}
