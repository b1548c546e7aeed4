import { checkPath, checkRows, oneOf } from "../../options";
import { join } from "node:path";
import { crc32 } from "node:zlib";

import { type RowKind, rowKinds, type Rows } from "../../rows";
import { columnsOfRows } from "./columns-of-rows";
import { FILE_FORMAT, runId } from "../file-stamp";
import { encodeColumns, type PlainColumn } from "./encode-columns";
import { listSegments } from "./list-segments";
import { parseSegmentName, type Segment, segmentName } from "./segment";
import { writeFileAtomically } from "../../files/write-file-atomically";

/**
 * Writes rows as the next segment of a run: an immutable Arrow file that appears whole or not at all.
 *
 * @param run The run's folder; created where it is missing.
 * @param kind which rows
 * @param rows rows of one kind, in order
 * @throws {RangeError} for no rows
 * @example
 * import { mkdtempSync } from "node:fs";
 * import * as advanced from "gradamp/advanced";
 *
 * const rows = [{ epoch: 1, step: 100, index: 0, layer: "conv", weight: "kernel", size: 864, meanAbs: 1e-4 }];
 * console.log(advanced.writeSegment(mkdtempSync("/tmp/run-"), "gradients", rows).rows); // 1
 */
export function writeSegment<Kind extends RowKind>(run: string, kind: Kind, rows: readonly Rows[Kind][]): Segment {
  checkPath(run, "a run's folder");
  oneOf(...rowKinds).read(kind, "kind");
  checkRows(rows, "a list of rows");
  if (rows.length === 0) throw new RangeError(`Expected rows to write as a segment of ${kind} but found none`);
  return writeNumbered(run, kind, rows, (listSegments(run, kind).at(-1)?.last ?? 0) + 1);
}

/**
 * Writes rows as the segment after a given one, or as the first; for who knows what is there and need not look.
 *
 * @param id the run's, which its run.json tells where there is one already
 */
export function appendSegment<Kind extends RowKind>(
  run: string,
  kind: Kind,
  rows: readonly Rows[Kind][],
  after: string | null,
  id: string | null = runId(run),
): Segment {
  const last = after === null ? 0 : (parseSegmentName("", after)?.last ?? NaN);
  return writeNumbered(run, kind, rows, last + 1, id);
}

function writeNumbered(
  run: string,
  kind: RowKind,
  rows: readonly object[],
  number: number,
  id: string | null = runId(run),
): Segment {
  return writeColumns(run, kind, { first: number, last: number, rows: rows.length }, columnsOfRows(kind, rows), id);
}

/** Writes columns as a segment with these numbers. */
export function writeColumns(
  run: string,
  kind: RowKind,
  numbers: { first: number; last: number; rows: number },
  columns: Record<string, PlainColumn>,
  id: string | null = runId(run),
): Segment {
  const owner: [string, string][] = id === null ? [] : [["gradamp.run", id]];
  const bytes = encodeColumns(columns, new Map([["gradamp.format", String(FILE_FORMAT)], ...owner]));
  const segment = { ...numbers, checksum: crc32(bytes).toString(16).padStart(8, "0") };
  const path = join(run, kind, segmentName(segment));
  writeFileAtomically(path, bytes);
  return { ...segment, path };
}
