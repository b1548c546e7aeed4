import { checkOptions, checkTable, texts } from "../../options";
import { table, type ColumnTable } from "arquero";

import { columnValues, rowKeys } from "./column-values";

/** Options of `ga.table.asColumns`. */
export interface AsColumnsOptions {
  /** The columns that make numbers one row. Default: those of paper, dataset, model, method, group, params, learningRate, statistic, source. */
  by?: readonly string[];
}

const identity = ["paper", "source", "dataset", "model", "method", "group", "params", "learningRate", "statistic"];

/**
 * Turns one row a number (`quantity`, `value`, `spread`), as `ga.published` gives, into one column a quantity, as
 * `results` gives; a quantity's spread becomes its `…Deviation`.
 *
 * @param input A table, or a danfo frame.
 * @param options Any of `AsColumnsOptions`; none is needed.
 * @throws {RangeError} if a quantity comes twice for one row
 * @example
 * import * as ga from "gradamp";
 *
 * console.log(ga.table.toText(ga.table.asColumns(ga.published("vgp")), { columns: ["model", "trainLoss", "trainAccuracy"] }));
 */
export function asColumns(input: ColumnTable, options: AsColumnsOptions = {}): ColumnTable {
  checkOptions("table.asColumns", options, { by: texts });
  checkTable(input);
  const by = options.by ?? identity.filter((name) => input.columnNames().includes(name));
  const keys = rowKeys(input, by);
  const rows = new Map([...new Set(keys)].map((key, i) => [key, i]));
  const quantities = columnValues(input, "quantity") as string[];
  const values = columnValues(input, "value");
  const spreads = input.columnNames().includes("spread") ? columnValues(input, "spread") : [];

  const columns = new Map<string, unknown[]>();
  for (const name of by) {
    const of = columnValues(input, name);
    columns.set(
      name,
      [...rows.keys()].map((key) => of[keys.indexOf(key)] ?? null),
    );
  }
  const empty = () => new Array<unknown>(rows.size).fill(null);
  for (const quantity of new Set(quantities)) {
    columns.set(quantity, empty());
    if (spreads.some((spread, i) => typeof spread === "number" && quantities[i] === quantity)) {
      columns.set(`${quantity}Deviation`, empty());
    }
  }
  quantities.forEach((quantity, i) => {
    const row = rows.get(keys[i] ?? "") ?? 0;
    const column = columns.get(quantity) ?? [];
    if (column[row] !== null)
      throw new RangeError(`Expected one ${quantity} for ${keys[i]} but found two: name more columns in by`);
    column[row] = values[i] ?? null;
    const deviations = columns.get(`${quantity}Deviation`);
    if (deviations && typeof spreads[i] === "number") deviations[row] = spreads[i];
  });
  return table(columns);
}
