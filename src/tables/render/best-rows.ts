import type { ColumnTable } from "arquero";

import { quantityOf } from "../quantity";

/** Which end of a column is the best one; null: neither. */
export type Direction = "min" | "max" | null;

/**
 * The rows in which a column holds the best value: the best of the column's rows or, in a grouped table, of each group's;
 * for a variant of a quantity (`testAccuracy/Case-1`) the best of the row's variants, as the papers compare methods.
 *
 * Where several are equally good none stands out; missing values and NaN never are the best, and where fewer than two are
 * compared none is. Values of different data sets (a column `dataset`) are not compared.
 * Rows are numbered as arquero's scan numbers them.
 */
export function bestRows(table: ColumnTable, column: string, direction: Direction | undefined): Set<number> {
  const print = (value: number) => quantityOf(column)?.print(value) ?? String(value);
  const chosen = direction === undefined ? (quantityOf(column)?.best ?? null) : direction;
  if (chosen === null) return new Set();
  const quantity = column.split("/")[0] ?? "";
  return column.includes("/")
    ? bestOfVariants(table, column, `${quantity}/`, chosen, print)
    : bestOfColumn(table, column, chosen, print);
}

/** How the column prints a number: what prints the same is equally good. */
type Print = (value: number) => string;

const isNumber = (value: unknown): value is number => typeof value === "number" && !Number.isNaN(value);

function bestOfVariants(
  table: ColumnTable,
  column: string,
  prefix: string,
  direction: "min" | "max",
  print: Print,
): Set<number> {
  const data = table.data();
  const variants = table.columnNames().filter((name) => name.startsWith(prefix));
  const rows = new Set<number>();
  table.scan((row = 0) => {
    const values = variants.map((name): unknown => data[name]?.at(row)).filter(isNumber);
    const best = direction === "max" ? Math.max(...values) : Math.min(...values);
    const isBest =
      data[column]?.at(row) === best && values.filter((value) => print(value) === print(best)).length === 1;
    if (values.length > 1 && isBest) rows.add(row);
  });
  return rows;
}

function bestOfColumn(table: ColumnTable, column: string, direction: "min" | "max", print: Print): Set<number> {
  const values = table.data()[column];
  const groups = table.isGrouped() ? table.groups() : null;
  const datasets = table.data()["dataset"];
  const members = new Map<string, { best: number; at: number; values: number[] }>();
  table.scan((row = 0) => {
    const value: unknown = values?.at(row);
    if (!isNumber(value)) return;
    const group = JSON.stringify([groups?.keys[row] ?? 0, datasets?.at(row) ?? null]);
    const seen = members.get(group);
    if (!seen) members.set(group, { best: value, at: row, values: [value] });
    else {
      seen.values.push(value);
      if (direction === "max" ? value > seen.best : value < seen.best) Object.assign(seen, { best: value, at: row });
    }
  });
  const standsOut = (best: number, values: readonly number[]) =>
    values.length > 1 && values.filter((value) => print(value) === print(best)).length === 1;
  return new Set([...members.values()].flatMap(({ best, at, values }) => (standsOut(best, values) ? [at] : [])));
}
