import { existsSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * The runs beneath a folder's `runs/` to which something was written since a time, one line each: what is left of
 * trainings that were under way when their process ended.
 */
export function savedRuns(folder: string, since: number): string[] {
  const root = join(folder, "runs");
  if (!existsSync(root)) return [];
  // Needed only now: they bring arquero along.
  const { findRuns } = require("../../runs/find-runs.js") as typeof import("../../runs/find-runs.js");
  const { listSegments } = require("../../runs/list-segments.js") as typeof import("../../runs/list-segments.js");
  const changed = (path: string) => existsSync(path) && statSync(path).mtimeMs >= since;
  return findRuns(root)
    .filter((run) => [run, join(run, "epochs"), join(run, "run.json")].some(changed))
    .map((run) => {
      const epochs = listSegments(run, "epochs").reduce((sum, { rows }) => sum + rows, 0);
      return `${relative(folder, run)}: ${epochs} epoch${epochs === 1 ? "" : "s"}`;
    });
}
