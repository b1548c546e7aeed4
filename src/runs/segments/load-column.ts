import type { RowKind } from "../../rows";
import { ColumnBuilder, type JoinedColumn } from "./column-builder";
import { listSegments } from "./list-segments";
import { readSegment } from "./read-segment";
import type { Segment } from "./segment";

/** A run's rows as they were when it was opened. */
export interface RowSource {
  /** The run's folder. */
  run: string;
  kind: RowKind;
  segments: readonly Segment[];
  rows: number;
}

/** A run's rows of one kind, as they are now. */
export function rowSource(run: string, kind: RowKind): RowSource {
  const segments = listSegments(run, kind);
  return { run, kind, segments, rows: segments.reduce((sum, segment) => sum + segment.rows, 0) };
}

/**
 * Reads columns of many runs, one run behind the other, each file once.
 *
 * @returns A column for each name; rows of runs that lack it are missing.
 */
export function loadColumns(sources: readonly RowSource[], names: readonly string[]): Map<string, JoinedColumn> {
  const total = sources.reduce((sum, source) => sum + source.rows, 0);
  const builders = new Map(names.map((name) => [name, new ColumnBuilder(total)]));
  let offset = 0;
  for (const source of sources) {
    let left = source.rows;
    // Listed anew: a compaction may have replaced the segments that were seen at opening. It keeps the rows' order, so
    // the first ones are still those that were seen.
    for (const segment of listSegments(source.run, source.kind)) {
      if (left === 0) break;
      const table = readSegment(segment);
      const count = Math.min(left, segment.rows);
      for (const [name, builder] of builders) {
        const column = table.names.includes(name) ? table.getChild(name) : null;
        if (column) builder.add(column, offset, count);
        else builder.skip(offset, count);
      }
      offset += count;
      left -= count;
    }
    if (left > 0) throw changed(source, source.rows - left);
  }
  return new Map([...builders].map(([name, builder]) => [name, builder.finish()]));
}

/** The error for a run that has lost rows since it was opened. */
export function changed({ run, kind, rows }: RowSource, found: number): Error {
  return new Error(
    `Expected ${rows} rows of ${kind} in ${run} but found ${found}: it changed after it was opened; open it again`,
  );
}
