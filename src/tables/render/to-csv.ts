import { checkOptions, checkTable, orNull, text, texts } from "../../options";
import { type ColumnTable, toCSV } from "arquero";

import { columnsToShow } from "./columns-to-show";

/** Options of `ga.table.toCsv`. */
export interface CsvOptions {
  /** Columns to write, in order. Default: null, all. */
  columns?: readonly string[] | null;
  /** One character between values. Default: ",". */
  delimiter?: string;
}

/**
 * A table as CSV for other programs: the columns' own names, every row, numbers in full precision (accuracies as
 * fractions), dates as ISO 8601 in UTC, missing values empty.
 *
 * @param table The table to write.
 * @param options Any of `CsvOptions`; none is needed.
 * @throws {RangeError} for a column that the table lacks
 * @example
 * import * as ga from "gradamp";
 * import { table } from "arquero";
 *
 * console.log(ga.table.toCsv(table({ model: ["VGG08", "VGG38"], testAccuracy: [0.4684, 0.01] })));
 */
export function toCsv(table: ColumnTable, options: CsvOptions = {}): string {
  checkOptions("table.toCsv", options, { columns: orNull(texts), delimiter: text });
  checkTable(table);
  const { columns, delimiter = "," } = options;
  return toCSV(table, { columns: columnsToShow(table, columns), delimiter });
}
