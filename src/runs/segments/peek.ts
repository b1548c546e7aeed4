import type { Table } from "@uwdata/flechette";

import { listSegments } from "./list-segments";
import { changed, type RowSource } from "./load-column";
import { readSegment } from "./read-segment";

/** A value of one row. */
export type Peek = (row: number) => number | string | null;

/**
 * Looks at single rows, reading only the segment that holds them: what showing the first and last rows of a thousand runs
 * takes. The last two segments are kept.
 */
export function peeker(sources: readonly RowSource[]): (name: string) => Peek {
  const starts: number[] = [];
  let total = 0;
  for (const { rows } of sources) {
    starts.push(total);
    total += rows;
  }
  const kept: { path: string; table: Table }[] = [];
  const open = (source: RowSource, row: number): { table: Table; at: number } => {
    let at = row;
    for (const segment of listSegments(source.run, source.kind)) {
      if (at >= segment.rows) {
        at -= segment.rows;
        continue;
      }
      let found = kept.find(({ path }) => path === segment.path);
      if (found === undefined) {
        found = { path: segment.path, table: readSegment(segment) };
        kept.unshift(found);
        kept.length = Math.min(kept.length, 2);
      }
      return { table: found.table, at };
    }
    throw changed(source, row - at);
  };
  return (name) => (row) => {
    // The last run that starts at or before the row; arquero never asks for a row beyond the end.
    let run = starts.length - 1;
    while (run > 0 && (starts[run] ?? 0) > row) run--;
    const source = sources[run];
    if (source === undefined) return null;
    const found = open(source, row - (starts[run] ?? 0));
    if (!found.table.names.includes(name)) return null;
    return (found.table.getChild(name).at(found.at) ?? null) as number | string | null;
  };
}
