import { BASELINE_KINDS } from "./compare-with-baseline";
import { checkOptions, texts } from "../../options";
import type { ColumnTable } from "arquero";

import { columnValues } from "./column-values";
import { compareWithBaseline, type BaselineOptions } from "./compare-with-baseline";
import { withColumn } from "./with-column";

/** Options of `ga.table.improvement`. */
export interface ImprovementOptions extends BaselineOptions {
  /** The columns to compare. Default: `["testAccuracy"]`. */
  values?: readonly string[];
}

/**
 * Adds how much each row is above its baseline: `testAccuracyImprovement` behind `testAccuracy`, in the column's own unit
 * (fractions; rendered as percentage points in the same cell, 93.30 (+2.22)).
 *
 * The baseline is the mean over the rows with `method` "original" that share model and data set. Baseline rows, and rows
 * without a baseline, have null.
 *
 * @param table A table of results with its baselines among the rows.
 * @param options Any of `ImprovementOptions`; none is needed.
 * @throws {RangeError} for a column that the table lacks
 * @example
 * import * as ga from "gradamp";
 * import { table } from "arquero";
 *
 * const accuracies = table({
 *   model: ["VGG-19", "VGG-19"], dataset: ["cifar-10", "cifar-10"],
 *   method: ["original", "G case 1"], testAccuracy: [0.9108, 0.933],
 * });
 * console.log(ga.table.toText(ga.table.improvement(accuracies)));
 */
export function improvement(table: ColumnTable, options: ImprovementOptions = {}): ColumnTable {
  checkOptions("table.improvement", options, { ...BASELINE_KINDS, values: texts });
  const { values = ["testAccuracy"], ...baseline } = options;
  return values.reduce((result, column) => {
    const base = compareWithBaseline(table, column, baseline);
    const own = columnValues(table, column);
    const gain = own.map((value, i) => {
      const of = base[i] ?? null;
      return typeof value === "number" && of !== null ? value - of : null;
    });
    return withColumn(result, `${column}Improvement`, gain, column);
  }, table);
}
