import type { ColumnTable } from "arquero";

import { quantityOf } from "../quantity";

/** Which end of a column is the best one; null: neither. */
export type Direction = "min" | "max" | null;

/**
 * The rows that hold the best value of a column, among all rows or, in a grouped table, in each group.
 *
 * Equal values are all the best; missing values and NaN never are; where fewer than two rows have a value none is.
 * Rows are numbered as arquero's scan numbers them.
 */
export function bestRows(table: ColumnTable, column: string, direction: Direction | undefined): Set<number> {
  const chosen = direction === undefined ? (quantityOf(column)?.best ?? null) : direction;
  const rows = new Set<number>();
  if (chosen === null) return rows;

  const values = table.data()[column];
  const groups = table.isGrouped() ? table.groups() : null;
  const members = new Map<number, { best: number; at: number[]; count: number }>();
  table.scan((row = 0) => {
    const value: unknown = values?.at(row);
    if (typeof value !== "number" || Number.isNaN(value)) return;
    const group = groups ? (groups.keys[row] ?? 0) : 0;
    const seen = members.get(group);
    if (!seen) members.set(group, { best: value, at: [row], count: 1 });
    else {
      seen.count++;
      if (value === seen.best) seen.at.push(row);
      else if (chosen === "max" ? value > seen.best : value < seen.best) {
        seen.best = value;
        seen.at = [row];
      }
    }
  });
  for (const { at, count } of members.values()) if (count > 1) for (const row of at) rows.add(row);
  return rows;
}
