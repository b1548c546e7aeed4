import { anyNumber, atLeast0, checkList, checkParts, number } from "../options";
/** Edges of a histogram of log₂ |gradient|. */
export interface HistogramRange {
  /** log₂ of the first bin's lower edge. */
  readonly low: number;
  /** log₂ of the last bin's upper edge. */
  readonly high: number;
}

/** The quantiles that gradient rows hold, by column. */
export const QUANTILES = { q05: 0.05, q25: 0.25, q50: 0.5, q75: 0.75, q95: 0.95 } as const;
export type QuantileColumn = keyof typeof QUANTILES;

/**
 * A quantile of |gradient| from its histogram: 0 where it falls among the exact zeros, else interpolated in its bin as if
 * logarithms were spread evenly there. It is never further off than the bin is wide.
 *
 * @param histogram counts, as of `gradientHistogram`
 * @param range the edges with which it was counted
 * @param share from 0 to 1, of all finite gradients
 * @throws {TypeError} if an argument is of another kind
 */
export function histogramQuantile(
  histogram: { readonly zeros: number; readonly counts: ArrayLike<number> },
  range: HistogramRange,
  share: number,
): number {
  checkParts(histogram, "a histogram, { zeros, counts },", { zeros: atLeast0 });
  checkList(histogram.counts, "a histogram's counts");
  checkParts(range, "a range, { low, high },", { low: anyNumber, high: anyNumber });
  number("to lie in [0, 1]", (found) => found >= 0 && found <= 1).read(share, "share");
  const counts = Array.from(histogram.counts);
  const total = counts.reduce((sum, count) => sum + count, histogram.zeros);
  if (total === 0) return Number.NaN;
  const rank = share * total;
  let below = histogram.zeros;
  if (histogram.zeros > 0 && rank <= below) return 0;
  const width = (range.high - range.low) / counts.length;
  const last = counts.reduce((found, count, bin) => (count > 0 ? bin : found), -1);
  for (const [bin, count] of counts.entries()) {
    if (count > 0 && (rank <= below + count || bin === last)) {
      const part = Math.min(1, Math.max(0, (rank - below) / count));
      return 2 ** (range.low + (bin + part) * width);
    }
    below += count;
  }
  return 0;
}
