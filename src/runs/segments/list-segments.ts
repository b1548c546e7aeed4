import { readdirSync } from "node:fs";
import { join } from "node:path";

import type { RowKind } from "../../rows";
import { parseSegmentName, type Segment } from "./segment";

/**
 * A run's segments of one kind, in order. Those that a compaction has taken in, and that it was stopped from deleting,
 * are passed over, and so are temporary files.
 *
 * @throws {Error} if a segment is missing between others, or two hold the same rows
 */
export function listSegments(run: string, kind: RowKind): Segment[] {
  const folder = join(run, kind);
  const found = names(folder)
    .map((name) => parseSegmentName(folder, name))
    .filter((segment) => segment !== null)
    // Of two that start alike the longer one comes first and covers the other.
    .sort((a, b) => a.first - b.first || b.last - a.last);
  const segments: Segment[] = [];
  let last = 0;
  for (const segment of found) {
    if (segment.last <= last && !(segment.first === segments.at(-1)?.first && segment.last === last)) continue;
    if (segment.first !== last + 1) {
      const problem = segment.first > last + 1 ? `no segment ${last + 1}` : `segment ${segment.first} twice`;
      throw new Error(
        `Expected the segments in ${folder} to follow each other but found ${problem}: restore the missing file or move the later ones away`,
      );
    }
    segments.push(segment);
    last = segment.last;
  }
  return segments;
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
