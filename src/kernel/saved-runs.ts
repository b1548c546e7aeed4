import { existsSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * What is on the disk of runs that were being kept when their process ended, one line each.
 *
 * @param folders where the runs are kept
 * @param from paths are told relative to this folder
 */
export function savedRuns(folders: Iterable<string>, from: string): string[] {
  // Needed only now.
  const { readRunInfo } = require("../runs/read-run-info") as typeof import("../runs/read-run-info");
  const { listSegments } = require("../runs/segments/list-segments") as typeof import("../runs/segments/list-segments");
  return [...folders].flatMap((folder) => {
    if (!existsSync(join(folder, "run.json"))) return [];
    const { name, status } = readRunInfo(folder);
    // What has ended was saved as a matter of course.
    if (status === "finished") return [];
    const epochs = listSegments(folder, "epochs").reduce((sum, { rows }) => sum + rows, 0);
    const path = relative(from, folder);
    const shown = path.startsWith("..") ? folder : path;
    return [`${name}: ${epochs} epoch${epochs === 1 ? "" : "s"}; go on with ga.resume(${JSON.stringify(shown)})`];
  });
}
