import { checkPath, oneOf } from "../../options";
import { rmSync } from "node:fs";

import { type RowKind, rowKinds } from "../../rows";
import type { PlainColumn } from "./encode-columns";
import { listSegments } from "./list-segments";
import { loadColumns, rowSource } from "./load-column";
import { readSegment, segmentColumns } from "./read-segment";
import type { Segment } from "./segment";
import { writeColumns } from "./write-segment";

/**
 * Turns a finished run's segments of one kind into one Arrow file, and deletes them.
 *
 * The file is written, read again and checked before anything is deleted; stopped at any point, the run reads the same as
 * before. Whoever writes the run must not write at the same time.
 *
 * @param run the run's folder
 * @param kind which rows
 * @returns The one segment that is left, or null where there are no rows.
 * @throws {TypeError} if an argument is of another kind
 */
export function compact(run: string, kind: RowKind): Segment | null {
  checkPath(run, "a run's folder");
  oneOf(...rowKinds).read(kind, "kind");
  const source = rowSource(run, kind);
  const [first] = source.segments;
  const last = source.segments.at(-1);
  if (first === undefined || last === undefined) return null;
  if (source.segments.length === 1) return first;

  // Before anything is made of them: a header is believed only in a file that is whole.
  for (const segment of source.segments) readSegment(segment);
  const types = new Map(source.segments.flatMap((segment) => [...segmentColumns(segment)]));
  const loaded = loadColumns([source], [...types.keys()]);
  const columns: Record<string, PlainColumn> = {};
  for (const [name, { values, missing, dictionary }] of loaded) {
    const orNull = <T>(of: (value: number) => T): (T | null)[] =>
      Array.from(values, (value, row) => (missing?.[row] === 1 ? null : of(value)));
    if (dictionary !== null) columns[name] = { type: "text", values: orNull((code) => dictionary[code] ?? null) };
    else if (values instanceof Int32Array && missing === null) columns[name] = { type: "integer", values };
    else columns[name] = { type: "number", values: missing === null ? values : orNull((value) => value) };
  }
  const numbers = { first: first.first, last: last.last, rows: source.rows };
  const merged = writeColumns(run, kind, numbers, columns);
  readSegment(merged);
  for (const segment of source.segments) rmSync(segment.path, { force: true });
  // The merged one is found, and alone.
  return listSegments(run, kind)[0] ?? null;
}
