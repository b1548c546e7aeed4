import type { ColumnTable } from "arquero";

/**
 * The columns to render, in order.
 *
 * @param table The table to write.
 * @throws {RangeError} for a column that the table lacks
 */
export function columnsToShow(table: ColumnTable, columns: readonly string[] | null | undefined): string[] {
  const all = table.columnNames();
  if (!columns) return all;
  for (const column of columns) {
    if (!all.includes(column)) {
      throw new RangeError(`Expected a column of the table but found ${column}: it has ${all.join(", ")}`);
    }
  }
  return [...columns];
}
