/**
 * The value at a share of the way through sorted values, linear between neighbours (type 7 of Hyndman and Fan 1996, as
 * numpy and R have it).
 *
 * @param share in [0, 1]; 0.5 for the median
 */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError("Expected at least one value but found none");
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)]!;
  const above = sorted[Math.ceil(at)]!;
  return below + (at - Math.floor(at)) * (above - below);
}

/** Median of a row's repeats, and their spread: the interquartile range. */
export function summarise(runs: readonly number[]): { msPerStep: number; spread: number; runs: readonly number[] } {
  return { msPerStep: quantile(runs, 0.5), spread: quantile(runs, 0.75) - quantile(runs, 0.25), runs };
}
