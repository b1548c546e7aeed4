import { checkOptions, checkTable, texts } from "../../options";
import { table, type ColumnTable } from "arquero";

import { quantityOf } from "../quantity";
import { columnValues } from "./column-values";

/** Options of `ga.table.asNumbers`. */
export interface AsNumbersOptions {
  /** The columns to turn into rows. Default: all whose name is a quantity with a better end (losses, accuracies, times, improvements, overheads), and parameters. */
  values?: readonly string[];
}

/**
 * Turns one column a quantity, as `results` gives, into one row a number: the other columns, `quantity`, `value` and
 * `spread`, `interval` and `pValue` (its `…Deviation`, `…Interval` and `…PValue`, or null; the
 * latter two where the table has any). The opposite of `asColumns`.
 *
 * @param input A table of results, one row a run or a setting.
 * @param options Any of `AsNumbersOptions`; none is needed.
 * @throws {RangeError} for a column that the table lacks
 * @example
 * import * as ga from "gradamp";
 * import { table } from "arquero";
 *
 * console.log(ga.table.asNumbers(table({ model: ["VGG08"], trainLoss: [1.74], testAccuracy: [0.47] })).numRows()); // 2
 */
export function asNumbers(input: ColumnTable, options: AsNumbersOptions = {}): ColumnTable {
  checkOptions("table.asNumbers", options, { values: texts });
  checkTable(input);
  const names = input.columnNames();
  const has = (name: string) => (names.includes(name) ? name : null);
  const isQuantity = (name: string) => name === "parameters" || (quantityOf(name)?.best ?? null) !== null;
  const quantities = options.values ?? names.filter(isQuantity);
  // The p value of an improvement is called after what improves: testAccuracyPValue.
  const companions = quantities.map((name) => ({
    spread: has(`${name}Deviation`),
    interval: has(`${name}Interval`),
    pValue: has(`${name}PValue`) ?? has(`${name.replace(/Improvement$/, "")}PValue`),
  }));
  const taken = new Set(companions.flatMap((one) => Object.values(one)));
  const kept = names.filter((name) => !quantities.includes(name) && !taken.has(name));
  const count = input.numRows();

  const columns: Record<string, unknown[]> = {};
  for (const name of kept) {
    const of = columnValues(input, name);
    columns[name] = of.flatMap((value) => quantities.map(() => value));
  }
  const values = quantities.map((name) => columnValues(input, name));
  const rows = Array.from({ length: count }, (_, row) => row);
  columns["quantity"] = rows.flatMap(() => [...quantities]);
  columns["value"] = rows.flatMap((row) => values.map((of) => of[row] ?? null));
  for (const what of ["spread", "interval", "pValue"] as const) {
    if (what !== "spread" && companions.every((one) => one[what] === null)) continue;
    const of = companions.map((one) => (one[what] === null ? [] : columnValues(input, one[what])));
    columns[what] = rows.flatMap((row) => of.map((column) => column[row] ?? null));
  }
  return table(columns);
}
