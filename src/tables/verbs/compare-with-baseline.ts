import type { ColumnTable } from "arquero";

import { columnValues, rowKeys } from "./column-values";

export interface BaselineOptions {
  /** Which rows are the baseline, as column and value.  Default: `{ method: "original" }`. */
  baseline?: Record<string, unknown>;
  /** The columns in which a row and its baseline agree.  Default: those of `["dataset", "model"]` that the table has. */
  by?: readonly string[];
}

/** For each row the mean of its baseline rows; null for the baseline itself and where there is none. */
export function compareWithBaseline(
  table: ColumnTable,
  column: string,
  { baseline = { method: "original" }, by }: BaselineOptions,
): (number | null)[] {
  const keys = rowKeys(table, by ?? ["dataset", "model"].filter((name) => table.columnNames().includes(name)));
  const conditions = Object.entries(baseline).map(([name, wanted]) => ({ values: columnValues(table, name), wanted }));
  const isBaseline = keys.map((_, row) => conditions.every(({ values, wanted }) => (values[row] ?? null) === wanted));
  const values = columnValues(table, column);

  const sums = new Map<string, { sum: number; count: number }>();
  keys.forEach((key, row) => {
    const value = values[row];
    if (!isBaseline[row] || typeof value !== "number") return;
    const { sum, count } = sums.get(key) ?? { sum: 0, count: 0 };
    sums.set(key, { sum: sum + value, count: count + 1 });
  });
  return keys.map((key, row) => {
    const found = sums.get(key);
    return isBaseline[row] || found === undefined ? null : found.sum / found.count;
  });
}
