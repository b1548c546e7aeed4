import { checkTable } from "../../options";
import { op, table, type ColumnTable } from "arquero";

import { columnValues } from "./column-values";

/**
 * One row for each column of numbers: how many values it has, how many are `missing` or NaN (`nan`), and of the others
 * mean, sample standard deviation (n − 1), smallest, median and largest.
 *
 * What danfo's `describe()` tells, with missing values left out where danfo answers NaN.
 *
 * @param input A table, or a danfo frame.
 * @throws {TypeError} if an argument is of another kind
 * @example
 * import * as ga from "gradamp";
 * import { table } from "arquero";
 *
 * console.log(ga.table.toText(ga.table.describe(table({ testAccuracy: [0.47, 0.49, null] }))));
 */
export function describe(input: ColumnTable): ColumnTable {
  checkTable(input);
  const names = input.columnNames().filter((name) => columnValues(input, name).some((v) => typeof v === "number"));
  const rows = names.map((name) => {
    const all = columnValues(input, name);
    const numbers = all.filter((value): value is number => typeof value === "number" && !Number.isNaN(value));
    const of = table({ x: numbers })
      .rollup({
        mean: op.mean("x"),
        deviation: op.stdev("x"),
        min: op.min("x"),
        median: op.median("x"),
        max: op.max("x"),
      })
      .object() as Record<string, number>;
    const some = (value: number | undefined, least: number) => (numbers.length >= least ? (value ?? null) : null);
    return {
      column: name,
      count: numbers.length,
      missing: all.filter((value) => value === null || value === undefined).length,
      nan: all.filter((value) => typeof value === "number" && Number.isNaN(value)).length,
      mean: some(of["mean"], 1),
      deviation: some(of["deviation"], 2),
      min: some(of["min"], 1),
      median: some(of["median"], 1),
      max: some(of["max"], 1),
    };
  });
  const columns = ["column", "count", "missing", "nan", "mean", "deviation", "min", "median", "max"] as const;
  return table(Object.fromEntries(columns.map((name) => [name, rows.map((row) => row[name])])));
}
