import type { HistogramRange } from "../rows";
import { type Filled, histogramRange, type MEASURE, measure, type StatisticName } from "../spec";

/** What is measured, every default filled in. */
export type ResolvedMeasure = Filled<typeof MEASURE>;

/** @throws {RangeError | TypeError} if a value is unknown */
export function resolveMeasure(options: unknown): ResolvedMeasure | null {
  return options === null ? null : measure.read(options, "measure");
}

/** @throws {RangeError | TypeError} if a statistic is unknown */
export function checkStatistics(statistics: readonly StatisticName[]): void {
  measure.fields.statistics.kind.read(statistics, "statistics");
}

/** @throws {RangeError | TypeError} unless low lies below high */
export function checkRange(range: HistogramRange): void {
  histogramRange.read(range, "histogram");
}
