import type { HistogramRange } from "../rows";
import { type Filled, histogramRange, type MEASURE, measure, type StatisticName } from "../spec";

/** What is measured, every default filled in. */
export type ResolvedMeasure = Filled<typeof MEASURE>;

/** @throws {TypeError | RangeError} if a value is unknown */
export function resolveMeasure(options: unknown): ResolvedMeasure | null {
  return options === null ? null : measure.read(options, "measure");
}

/** @throws {TypeError | RangeError} if a statistic is unknown */
export function checkStatistics(statistics: readonly StatisticName[]): void {
  measure.fields.statistics.kind.read(statistics, "statistics");
}

/** @throws {TypeError | RangeError} unless low lies below high */
export function checkRange(range: HistogramRange): void {
  histogramRange.read(range, "histogram");
}
