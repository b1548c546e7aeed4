import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { explainWriteError } from "./explain-write-error";

/**
 * Makes a folder and those above it, where they are missing.
 *
 * Folder by folder: Node's own `recursive` tries for ever where a file system answers "no such file" to whoever makes a
 * folder in one that is there, as procfs and automounted ones do, and no signal ends that.
 *
 * @throws {Error} if it cannot be made; the message says what to do
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let folder = resolve(path); !make(folder); folder = dirname(folder)) missing.push(folder);
  for (const folder of missing.reverse())
    if (!make(folder)) throw explainWriteError(Object.assign(new Error("not there"), { code: "ENOENT" }), folder);
}

/**
 * Makes one folder.
 *
 * @returns false where the one that it shall be in is missing
 */
function make(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    // Systems give different reasons for one that is there: EEXIST, EISDIR, EROFS, EPERM, EACCES.
    if (isFolder(folder)) return true;
    const parent = dirname(folder);
    const mayMakeParent = (error as NodeJS.ErrnoException).code === "ENOENT" && parent !== folder;
    if (mayMakeParent && !existsSync(parent)) return false;
    throw explainWriteError(error, folder);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
