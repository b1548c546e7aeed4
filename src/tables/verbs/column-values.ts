import { checkTable } from "../../options";
import type { ColumnTable } from "arquero";

/**
 * A column's values over the rows of a table, in its order.
 *
 * @param table The table to write.
 * @throws {RangeError} for a column that the table lacks
 */
export function columnValues(table: ColumnTable, column: string): unknown[] {
  checkTable(table);
  const names = table.columnNames();
  if (!names.includes(column)) {
    throw new RangeError(`Expected a column of the table but found ${column}: it has ${names.join(", ")}`);
  }
  return table.array(column) as unknown[];
}

/** The values of several columns that together tell rows apart; equal keys are equal strings. */
export function rowKeys(table: ColumnTable, columns: readonly string[]): string[] {
  const values = columns.map((column) => columnValues(table, column));
  return Array.from({ length: table.numRows() }, (_, row) =>
    JSON.stringify(values.map((column) => (column[row] === undefined ? null : column[row]))),
  );
}
