import { checkList } from "../options";
/**
 * (x − mean) / σ with the population's σ, over the values that are finite; others become NaN.  σ = 0
 * (within the rounding of float32) gives all zeros.
 *
 * Source: Basodi et al. 2023, eq. 6.
 *
 * @param values one ratio for each layer
 * @throws {TypeError} if an argument is of another kind
 * @example
 * import * as advanced from "gradamp/advanced";
 * console.log(advanced.normaliseRatios([1, 2, 3])); // [-1.22, 0, 1.22]
 */
export function normaliseRatios(values: readonly number[]): number[] {
  checkList(values, "a list of ratios");
  const finite = values.filter(Number.isFinite);
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  const deviation = Math.sqrt(finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / finite.length);
  // Ratios are float32 sums over up to millions of weights: a spread of their rounding is none.
  const none = deviation <= 1e-6 * Math.abs(mean);
  return values.map((value) => (Number.isFinite(value) ? (none ? 0 : (value - mean) / deviation) : Number.NaN));
}
