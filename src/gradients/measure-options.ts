import type { HistogramRange } from "../rows";
import { HISTOGRAM_RANGE } from "./gradient-histogram";
import { STATISTICS, type StatisticName } from "./statistics";

/** What is measured during training, and when. */
export interface MeasureOptions {
  /** `["gradientFlow"]` by default; see `STATISTICS`. */
  statistics?: readonly StatisticName[];
  /**
   * `"epoch"` (default): once an epoch.  A number n: every n-th step of the run.  `{ log: n }`: n steps in each power of
   * ten of steps, many at the beginning and few later on.
   */
  every?: "epoch" | number | { readonly log: number };
  /**
   * With `"epoch"`: `"last"` (default) takes the last minibatch of the epoch, as the figures of the VGG08/VGG38 study
   * do; `"epoch-mean"` the mean over all its minibatches.
   */
  reduce?: "last" | "epoch-mean";
  /** Edges of histograms, as log₂ |gradient|; −72 to 8 by default. */
  histogram?: HistogramRange;
}

/** @throws {RangeError} if a value is unknown */
export function resolveMeasure(options: MeasureOptions | null): Required<MeasureOptions> | null {
  if (options === null) return null;
  const { statistics = ["gradientFlow"], every = "epoch", reduce = "last", histogram = HISTOGRAM_RANGE } = options;
  checkStatistics(statistics);
  const times = typeof every === "object" ? (every as { log?: unknown } | null)?.log : every;
  if (every !== "epoch" && !(Number.isInteger(times) && (times as number) > 0)) {
    throw new RangeError(
      `Expected measure.every to be "epoch", a whole number of steps or { log: n } but found ${JSON.stringify(every)}`,
    );
  }
  if (reduce !== "last" && reduce !== "epoch-mean") {
    throw new RangeError(`Expected measure.reduce to be "last" or "epoch-mean" but found ${JSON.stringify(reduce)}`);
  }
  if (reduce === "epoch-mean" && every !== "epoch") {
    throw new RangeError(`Expected measure.every to be "epoch" with reduce "epoch-mean" but found ${JSON.stringify(every)}`); // prettier-ignore
  }
  checkRange(histogram);
  return { statistics, every, reduce, histogram };
}

/** @throws {RangeError} if a statistic is unknown */
export function checkStatistics(statistics: readonly StatisticName[]): void {
  for (const name of statistics) {
    if (!Object.hasOwn(STATISTICS, name)) {
      throw new RangeError(
        `Expected a statistic to be one of ${Object.keys(STATISTICS).join(", ")} but found "${name}"`,
      );
    }
  }
}

/** @throws {RangeError} unless low lies below high */
export function checkRange({ low, high }: HistogramRange): void {
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
    throw new RangeError(`Expected histogram.low to lie below histogram.high but found ${low} and ${high}`);
  }
}
