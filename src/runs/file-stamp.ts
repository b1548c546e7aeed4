import { statSync } from "node:fs";
import { join } from "node:path";

import { readJson } from "../files/read-text";
import { runInfoFile } from "./run-info";

/** The newest format of segments and checkpoints that this gradamp reads, and the one that it writes. */
export const FILE_FORMAT = 1;

/** What stands in each file of a run's: how it is to be read, and whose it is. */
export interface FileStamp {
  readonly format?: number | undefined;
  /** `id` in the run's run.json. */
  readonly run?: string | undefined;
}

/**
 * Checks that a file is one that this gradamp can read, and this run's.
 *
 * @throws {Error} if the file is of a newer gradamp or another run; the message names it
 */
export function checkStamp(path: string, run: string, { format = 1, run: owner }: FileStamp): void {
  if (!(format <= FILE_FORMAT))
    throw new Error(
      `Expected ${path} to be of format ${FILE_FORMAT} or older but found ${format}: a newer gradamp wrote it; update this one`,
    );
  const own = owner === undefined ? null : runId(run);
  if (own !== null && own !== owner)
    throw new Error(
      `Expected ${path} to be a file of the run ${own} but found one of ${owner}: restore the file, or move it away`,
    );
}

const known = new Map<string, { stamp: string; id: string | null }>();

/** The id of a folder's run; null where it has none, or no run.json that can be read, which others say. */
export function runId(run: string): string | null {
  const path = join(run, runInfoFile);
  try {
    const { mtimeMs, size, ino } = statSync(path);
    const stamp = `${mtimeMs} ${size} ${ino}`;
    const before = known.get(path);
    if (before?.stamp === stamp) return before.id;
    const { id } = readJson(path) as { id?: unknown };
    if (known.size > 10_000) known.clear();
    const found = { stamp, id: typeof id === "string" ? id : null };
    known.set(path, found);
    return found.id;
  } catch {
    return null;
  }
}
