import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { explainWriteError } from "./explain-write-error";
import { makeFolder } from "./make-folder";

/** Temporary files start with this; readers pass over them. */
export const temporaryPrefix = ".tmp-";

/**
 * A file that is written piece by piece under a temporary name and appears under its own only when all of it is on the
 * disk. A full disk or a kill leaves the former state.
 */
export class AtomicFile {
  /** CRC-32 of what was written so far. */
  checksum = 0;
  /** Bytes written so far. */
  size = 0;
  readonly #folder: string;
  readonly #temporary: string;
  #handle: number | null;

  /**
   * @param folder where the file shall be; created where it is missing
   * @throws {Error} if the folder cannot be written; the message says what to do
   */
  constructor(folder: string) {
    this.#folder = folder;
    this.#temporary = join(folder, `${temporaryPrefix}${process.pid}-${randomUUID()}`);
    makeFolder(folder);
    try {
      this.#handle = openSync(this.#temporary, "wx");
    } catch (error) {
      throw explainWriteError(error, folder);
    }
  }

  write(bytes: Uint8Array): void {
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(this.#open(), bytes, done);
    } catch (error) {
      this.discard();
      throw explainWriteError(error, this.#folder);
    }
    this.checksum = crc32(bytes, this.checksum);
    this.size += bytes.length;
  }

  /** Gives the file its name, replacing a former one of that name, and returns its path. */
  commit(name: string): string {
    const path = join(this.#folder, name);
    try {
      fsyncSync(this.#open());
      closeSync(this.#open());
      this.#handle = null;
      renameSync(this.#temporary, path);
      synchroniseFolder(this.#folder);
    } catch (error) {
      this.discard();
      throw explainWriteError(error, path);
    }
    return path;
  }

  /** Takes away what was written, if it has no name yet. */
  discard(): void {
    try {
      if (this.#handle !== null) closeSync(this.#handle);
    } finally {
      this.#handle = null;
      rmSync(this.#temporary, { force: true });
    }
  }

  #open(): number {
    if (this.#handle === null) throw new Error(`Expected ${this.#temporary} to be open but found it closed`);
    return this.#handle;
  }
}

/** The new name itself is only safe when the folder is on the disk; Windows cannot do that, and needs not. */
function synchroniseFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
