import { checkOptions, checkTable, text, texts } from "../../options";
import { table, type ColumnTable } from "arquero";

import { columnValues, rowKeys } from "./column-values";

/** Options of `ga.table.crossTable`. */
export interface CrossTableOptions {
  /** The columns that stay, one row for each combination. Default: `["model"]`. */
  rows?: readonly string[];
  /** The column whose values become columns. Default: "method". */
  columns?: string;
  /** The columns to spread; deviations, improvements and overheads of theirs come along. Default: `["testAccuracy"]`. */
  values?: readonly string[];
}

/**
 * Spreads a table as the papers print theirs: models down, methods across.
 *
 * The new columns are named `testAccuracy/original`, so that renderers still know how to print them, and are headed
 * "original". Rows and columns come in the order in which they first appear; empty cells are null.
 *
 * @param input A table of results.
 * @param options Any of `CrossTableOptions`; none is needed.
 * @throws {RangeError} for a column that the table lacks, and if two rows would share a cell: average them first
 * @example
 * import * as ga from "gradamp";
 *
 * const numbers = ga.published("iga").filter("d => op.startswith(d.source, 'table 3')");
 * const table3 = ga.table.crossTable(ga.table.asColumns(numbers));
 * console.log(ga.table.toText(table3));
 */
export function crossTable(input: ColumnTable, options: CrossTableOptions = {}): ColumnTable {
  checkOptions("table.crossTable", options, { rows: texts, columns: text, values: texts });
  checkTable(input);
  const { rows = ["model"], columns = "method", values = ["testAccuracy"] } = options;
  const names = input.columnNames();
  const spread = values.flatMap((name) =>
    ["", "Deviation", "Interval", "Improvement", "ImprovementInterval", "Overhead"]
      .map((suffix) => name + suffix)
      .filter((n) => n === name || names.includes(n)),
  );
  const keys = rowKeys(input, rows);
  const rowOrder = [...new Set(keys)];
  const across = columnValues(input, columns).map(String);
  const kept = rows.map((name) => [name, columnValues(input, name)] as const);

  const result: Record<string, unknown[]> = {};
  for (const [name, of] of kept) result[name] = rowOrder.map((key) => of[keys.indexOf(key)]);
  const taken = new Set<string>();
  keys.forEach((key, i) => {
    const cell = JSON.stringify([key, across[i]]);
    if (taken.has(cell)) {
      throw new RangeError(`Expected one row for ${key} and ${columns} ${across[i]} but found two: average them first`);
    }
    taken.add(cell);
  });
  for (const variant of new Set(across)) {
    for (const name of spread) {
      const of = columnValues(input, name);
      const cells: unknown[] = rowOrder.map(() => null);
      across.forEach((value, i) => {
        if (value === variant) cells[rowOrder.indexOf(keys[i] ?? "")] = of[i] ?? null;
      });
      // A companion of which this variant has nothing (the baseline's improvement) is no column.
      if (values.includes(name) || cells.some((value) => value !== null)) result[`${name}/${variant}`] = cells;
    }
  }
  return table(result);
}
