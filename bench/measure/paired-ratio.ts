import { random } from "../../src/datasets/batches/random";
import { quantile } from "./summarise";

export interface PairedRatio {
  /** Median of the pairs' ratios. */
  readonly ratio: number;
  /** Bootstrap 95 % interval of the median, by percentiles. */
  readonly interval: readonly [number, number];
  readonly pairs: number;
}

/**
 * How the first of two things compares with the second, from measurements in pairs: the median of a/b.
 *
 * What the machine does besides is much the same during both measurements of a pair and cancels in their ratio. The
 * interval is that of Efron's percentile bootstrap: pairs drawn with replacement, 2,000 times, seeded.
 *
 * @throws {RangeError} where the two lists differ in length or hold fewer than two pairs
 */
export function pairedRatio(first: readonly number[], second: readonly number[], resamples = 2000): PairedRatio {
  if (first.length !== second.length || first.length < 2)
    throw new RangeError(`Expected at least two pairs but found ${first.length} and ${second.length} values`);
  const ratios = first.map((value, at) => value / second[at]!);
  const draw = random(1, ratios.length);
  const medians = Array.from({ length: resamples }, () =>
    quantile(
      ratios.map(() => ratios[draw.integer(ratios.length)]!),
      0.5,
    ),
  );
  return {
    ratio: quantile(ratios, 0.5),
    interval: [quantile(medians, 0.025), quantile(medians, 0.975)],
    pairs: ratios.length,
  };
}
