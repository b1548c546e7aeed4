import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";

import { explainReadError } from "../files/read-text";
import { runInfoFile } from "./run-info";

/** A run that cannot be read. */
export interface UnreadableRun {
  /** Its folder. */
  readonly folder: string;
  /** Why it cannot be read. */
  readonly error: Error;
}

/**
 * The folders beneath `root` that hold a run.json, `root` itself included, sorted by name; runs are not searched for runs.
 *
 * @param onUnreadable told of folders beneath it that cannot be listed
 * @throws {Error} if `root` itself cannot be
 */
export function findRuns(root: string, onUnreadable: (found: UnreadableRun) => void = () => {}): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(root, { withFileTypes: true });
  } catch (error) {
    const found = error as NodeJS.ErrnoException;
    throw found.code === "ENOENT" || found.code === "ENOTDIR"
      ? new RangeError(`Expected a folder of runs at ${root} but found ${found.code === "ENOENT" ? "nothing" : "a file"}`, { cause: error }) // prettier-ignore
      : explainReadError(error, root);
  }
  if (entries.some((entry) => entry.isFile() && entry.name === runInfoFile)) return [root];
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map((entry) => join(root, entry.name))
    .sort()
    .flatMap((folder) => {
      try {
        return findRuns(folder, onUnreadable);
      } catch (error) {
        onUnreadable({ folder, error: error as Error });
        return [];
      }
    });
}
