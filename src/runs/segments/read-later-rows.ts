import type { RowKind, Rows } from "../../rows";
import { listSegments } from "./list-segments";
import { readSegment } from "./read-segment";
import type { Segment } from "./segment";
import { storedReader, type StoredValue } from "./stored-rows";

/**
 * A run's rows of one kind after the first `known` ones, reading no more files than it takes: for who looks at a run again
 * and again while it is written.
 *
 * @returns null where there are fewer than that
 */
export function readLaterRows<Kind extends RowKind>(run: string, kind: Kind, known: number): Rows[Kind][] | null {
  let before = 0;
  const later: { segment: Segment; skip: number }[] = [];
  for (const segment of listSegments(run, kind)) {
    if (before + segment.rows > known) later.push({ segment, skip: Math.max(0, known - before) });
    before += segment.rows;
  }
  if (before < known) return null;
  return later.flatMap(({ segment, skip }) => rowsOf(segment, kind).slice(skip));
}

function rowsOf<Kind extends RowKind>(segment: Segment, kind: Kind): Rows[Kind][] {
  const table = readSegment(segment);
  const columns = table.names.map((name) => table.getChild(name).toArray() as ArrayLike<unknown>);
  const read = storedReader(kind, table.names, (column, row) => (columns[column]![row] ?? null) as StoredValue);
  return Array.from({ length: table.numRows }, (_, row) => read(row));
}
