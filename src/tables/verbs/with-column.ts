import { table, type ColumnTable } from "arquero";

import { columnValues } from "./column-values";

/** The table with a column set, right behind the column it belongs to; rows come in the table's order. */
export function withColumn(input: ColumnTable, name: string, values: readonly unknown[], after: string): ColumnTable {
  const columns: Record<string, unknown[]> = {};
  for (const column of input.columnNames()) {
    if (column === name) continue;
    columns[column] = columnValues(input, column);
    if (column === after) columns[name] = [...values];
  }
  return table(columns);
}
