import type { Progress } from "../rows";
import { type MemoryMark, memoryMark } from "./memory-mark";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const name = "progress.json";

/** Says how far the epoch in progress is; for who watches from another process. What a crash loses of it is no loss. */
export function writeProgress(folder: string, progress: Progress): void {
  const temporary = join(folder, `.${name}.${process.pid}`);
  writeFileSync(temporary, JSON.stringify({ ...progress, memory: memoryMark() }));
  renameSync(temporary, join(folder, name));
}

/** Takes it away: nothing is in progress any more. */
export function removeProgress(folder: string): void {
  rmSync(join(folder, name), { force: true });
}

/** How far the epoch in progress was when it was written down last; null where that is not known. */
export function readProgress(folder: string): (Progress & { readonly memory?: MemoryMark }) | null {
  try {
    return JSON.parse(readFileSync(join(folder, name), "utf8")) as Progress & { readonly memory?: MemoryMark };
  } catch {
    return null;
  }
}
