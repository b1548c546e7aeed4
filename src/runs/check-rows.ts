import { join } from "node:path";

import { rowKinds } from "../rows";
import { listSegments } from "./segments/list-segments";
import type { RunInfo } from "./run-info";

/**
 * Checks that no file of rows is missing that a run's run.json counts: the last one's loss would not show otherwise.
 *
 * @throws {Error} if a file of rows is missing; the message names the folder
 */
export function checkRows(run: string, { rows = {} }: RunInfo): void {
  for (const kind of rowKinds) {
    const expected = rows[kind] ?? 0;
    if (expected === 0) continue;
    const found = listSegments(run, kind).reduce((sum, segment) => sum + segment.rows, 0);
    if (found < expected)
      throw new Error(
        `Expected ${expected} rows in ${join(run, kind)}, as run.json counts them, but found ${found}: ` +
          "a file is missing; restore it, or go on with the run (gradamp train --resume), which trains them again",
      );
  }
}
