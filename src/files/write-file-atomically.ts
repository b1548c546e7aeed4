import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";

/** Temporary files start with this; readers pass over them. */
export const temporaryPrefix = ".tmp-";

/**
 * Writes a file so that its name appears only when all of it is on the disk: written to a temporary name in the same
 * folder, synchronised, renamed.  A full disk or a kill leaves the former state.
 */
export function writeFileAtomically(path: string, content: Uint8Array | string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  const temporary = join(folder, `${temporaryPrefix}${process.pid}-${randomUUID()}`);
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  try {
    const file = openSync(temporary, "wx");
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  synchronizeFolder(folder);
}

/** The new name itself is only safe when the folder is on the disk; Windows cannot do that, and needs not. */
function synchronizeFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
