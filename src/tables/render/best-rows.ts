import type { ColumnTable } from "arquero";

import { quantityOf } from "../quantity";

/** Which end of a column is the best one; null: neither. */
export type Direction = "min" | "max" | null;

/**
 * The rows in which a column holds the best value: the best of the column's rows or, in a grouped table, of each group's;
 * for a variant of a quantity (`testAccuracy/Case-1`) the best of the row's variants, as the papers compare methods.
 *
 * Equal values are all the best; missing values and NaN never are; where fewer than two are compared none is.
 * Rows are numbered as arquero's scan numbers them.
 */
export function bestRows(table: ColumnTable, column: string, direction: Direction | undefined): Set<number> {
  const chosen = direction === undefined ? (quantityOf(column)?.best ?? null) : direction;
  if (chosen === null) return new Set();
  const quantity = column.split("/")[0] ?? "";
  return column.includes("/")
    ? bestOfVariants(table, column, `${quantity}/`, chosen)
    : bestOfColumn(table, column, chosen);
}

const isNumber = (value: unknown): value is number => typeof value === "number" && !Number.isNaN(value);

function bestOfVariants(table: ColumnTable, column: string, prefix: string, direction: "min" | "max"): Set<number> {
  const data = table.data();
  const variants = table.columnNames().filter((name) => name.startsWith(prefix));
  const rows = new Set<number>();
  table.scan((row = 0) => {
    const values = variants.map((name): unknown => data[name]?.at(row)).filter(isNumber);
    const best = direction === "max" ? Math.max(...values) : Math.min(...values);
    if (values.length > 1 && data[column]?.at(row) === best) rows.add(row);
  });
  return rows;
}

function bestOfColumn(table: ColumnTable, column: string, direction: "min" | "max"): Set<number> {
  const values = table.data()[column];
  const groups = table.isGrouped() ? table.groups() : null;
  const members = new Map<number, { best: number; at: number[]; count: number }>();
  table.scan((row = 0) => {
    const value: unknown = values?.at(row);
    if (!isNumber(value)) return;
    const group = groups ? (groups.keys[row] ?? 0) : 0;
    const seen = members.get(group);
    if (!seen) members.set(group, { best: value, at: [row], count: 1 });
    else {
      seen.count++;
      if (value === seen.best) seen.at.push(row);
      else if (direction === "max" ? value > seen.best : value < seen.best) {
        seen.best = value;
        seen.at = [row];
      }
    }
  });
  return new Set([...members.values()].flatMap(({ at, count }) => (count > 1 ? at : [])));
}
