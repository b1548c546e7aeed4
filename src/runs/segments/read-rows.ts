import type { RowKind, Rows } from "../../rows";
import { loadColumns, rowSource } from "./load-column";
import { readSegment } from "./read-segment";
import { storedReader } from "./stored-rows";

/** All rows of one kind that a run's folder holds. */
export function readRows<Kind extends RowKind>(run: string, kind: Kind): Rows[Kind][] {
  const source = rowSource(run, kind);
  const names = new Set(source.segments.flatMap((segment) => readSegment(segment).names));
  const columns = [...loadColumns([source], [...names]).values()];
  const read = storedReader(kind, [...names], (column, row) => {
    const { values, missing, dictionary } = columns[column]!;
    const value = missing?.[row] === 1 ? null : (values[row] ?? NaN);
    return value === null || dictionary === null ? value : (dictionary[value] ?? null);
  });
  return Array.from({ length: source.rows }, (_, row) => read(row));
}
