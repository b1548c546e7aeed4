import { readdirSync } from "node:fs";
import { join } from "node:path";

import { runInfoFile } from "./run-info";

/** The folders beneath `root` that hold a run.json, `root` itself included, sorted by name; runs are not searched for runs. */
export function findRuns(root: string): string[] {
  const entries = readdirSync(root, { withFileTypes: true });
  if (entries.some((entry) => entry.isFile() && entry.name === runInfoFile)) return [root];
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map((entry) => entry.name)
    .sort()
    .flatMap((name) => findRuns(join(root, name)));
}
