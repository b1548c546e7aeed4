import { checkOptions, checkTable, oneOf, text, texts } from "../../options";
import { table, type ColumnTable } from "arquero";

import { quantityOf } from "../quantity";
import { columnValues, rowKeys } from "./column-values";

const identity = ["dataset", "model", "method"];

/** Options of `ga.table.bestOf`. */
export interface BestOfOptions {
  /** One row is kept for each combination of these columns. Default: `["dataset", "model", "method"]`, those that the table has. */
  by?: readonly string[];
  /** The column to choose by. Default: "validationAccuracy". */
  value?: string;
  /** Which end is the best. Default: what the column's name says (`quantityOf`). */
  direction?: "min" | "max";
}

/**
 * Keeps the best row of each group, as the papers do in "best models": the first of equal ones. Rows whose
 * value is missing or not finite cannot be the best; `leftOut` says how many of a group there are, where there are any,
 * and a group of nothing else keeps its first row. Choosing by `testAccuracy`, as the papers do, overstates what a new test would give.
 *
 * @param input A table of results.
 * @param options Any of `BestOfOptions`; none is needed.
 * @throws {RangeError} for a column that the table lacks or whose best end is not known
 * @example
 * import * as ga from "gradamp";
 * import { table } from "arquero";
 *
 * const trials = table({ model: ["a", "a", "b"], threshold: [1, 2, 1], validationAccuracy: [0.9, 0.92, 0.8] });
 * console.log(ga.table.bestOf(trials).array("threshold")); // [2, 1]
 */
export function bestOf(input: ColumnTable, options: BestOfOptions = {}): ColumnTable {
  checkOptions("table.bestOf", options, { by: texts, value: text, direction: oneOf("min", "max") });
  checkTable(input);
  const names = input.columnNames();
  const { by = identity.filter((name) => names.includes(name)), value = "validationAccuracy" } = options;
  const direction = options.direction ?? quantityOf(value)?.best ?? null;
  if (direction === null) {
    throw new RangeError(
      `Expected a direction for ${value}, of which it is not known whether more is better, but found none`,
    );
  }
  const values = columnValues(input, value);
  const isValue = (row: number) => Number.isFinite(values[row]);
  const best = new Map<string, { row: number; leftOut: number }>();
  rowKeys(input, by).forEach((key, row) => {
    const group = best.get(key) ?? { row, leftOut: 0 };
    best.set(key, group);
    if (!isValue(row)) {
      group.leftOut++;
      return;
    }
    const [own, than] = [values[row] as number, values[group.row] as number];
    if (!isValue(group.row) || (direction === "max" ? own > than : own < than)) group.row = row;
  });
  const chosen = [...best.values()];
  const leftOut = chosen.some((group) => group.leftOut > 0) ? { leftOut: chosen.map((group) => group.leftOut) } : {};
  return table({
    ...Object.fromEntries(
      names.map((name) => {
        const of = columnValues(input, name);
        return [name, chosen.map(({ row }) => of[row])];
      }),
    ),
    ...leftOut,
  });
}
