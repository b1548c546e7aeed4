import { BASELINE_KINDS } from "./compare-with-baseline";
import { checkOptions, texts } from "../../options";
import type { ColumnTable } from "arquero";

import { columnValues } from "./column-values";
import { compareWithBaseline, type BaselineOptions } from "./compare-with-baseline";
import { withColumn } from "./with-column";

/** Options of `ga.table.overhead`. */
export interface OverheadOptions extends BaselineOptions {
  /** The columns to compare. Default: `["minutes"]`. */
  values?: readonly string[];
}

/**
 * Adds how much longer each row takes than its baseline, as a fraction of it: `minutesOverhead` behind `minutes` (rendered
 * as per cent in the same cell, 31.82 (+1.50 %)), as tables 1 and 2 of "Intelligent gradient amplification" do.
 *
 * The baseline is found as in `improvement`.
 *
 * @param table The table to write.
 * @param options Any of `OverheadOptions`; none is needed.
 * @throws {RangeError} for a column that the table lacks
 * @example
 * import * as ga from "gradamp";
 * import { table } from "arquero";
 *
 * const times = table({
 *   model: ["VGG-19", "VGG-19"], dataset: ["cifar-10", "cifar-10"], method: ["original", "G case 1"], minutes: [31.35, 31.82],
 * });
 * console.log(ga.table.toText(ga.table.overhead(times)));
 */
export function overhead(table: ColumnTable, options: OverheadOptions = {}): ColumnTable {
  checkOptions("table.overhead", options, { ...BASELINE_KINDS, values: texts });
  const { values = ["minutes"], ...baseline } = options;
  return values.reduce((result, column) => {
    const base = compareWithBaseline(table, column, baseline);
    const own = columnValues(table, column);
    const share = own.map((value, i) => {
      const of = base[i] ?? null;
      return typeof value === "number" && of !== null && of > 0 ? value / of - 1 : null;
    });
    return withColumn(result, `${column}Overhead`, share, column);
  }, table);
}
