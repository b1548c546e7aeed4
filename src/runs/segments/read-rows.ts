import type { RowKind, Rows } from "../../rows";
import { loadColumns, rowSource } from "./load-column";
import { segmentColumns } from "./read-segment";
import { fromStored, type StoredValue } from "./stored-rows";

/** All rows of one kind that a run's folder holds. */
export function readRows<Kind extends RowKind>(run: string, kind: Kind): Rows[Kind][] {
  const source = rowSource(run, kind);
  const names = new Set(source.segments.flatMap((segment) => [...segmentColumns(segment).keys()]));
  const columns = [...loadColumns([source], [...names])];
  return Array.from({ length: source.rows }, (_, row) => {
    const stored: Record<string, StoredValue> = {};
    for (const [name, { values, missing, dictionary }] of columns) {
      const value = missing?.[row] === 1 ? null : (values[row] ?? NaN);
      stored[name] = value === null || dictionary === null ? value : (dictionary[value] ?? null);
    }
    return fromStored(kind, stored);
  });
}
