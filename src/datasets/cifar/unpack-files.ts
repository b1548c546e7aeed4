import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ReadEntry } from "tar";
import { makeFolder } from "../../files/make-folder";
import type { CifarFile } from "./cifar-layout";

/**
 * Takes the expected files out of a tar archive, and nothing else.
 *
 * No name in the archive is ever used as a path: an entry is taken only if it is a plain file called exactly
 * `<folder>/<expected name>`, and is written under the expected name. So absolute paths, `..`, links and devices cannot
 * do anything, whatever they claim to be.
 *
 * @param archive path of the `.tar` or `.tar.gz`
 * @param folder the archive's folder that holds the files
 * @param expected names, sizes and SHA-256 of the files
 * @param target a folder of the caller's own, created if need be, emptied of expected files on failure
 * @throws {Error} if a file is missing or has another size or content; the message names it
 */
export async function unpackFiles(
  archive: string,
  folder: string,
  expected: readonly CifarFile[],
  target: string,
): Promise<void> {
  // Loaded by the first unpacking: most programs never unpack.
  const { list } = require("tar") as typeof import("tar");
  makeFolder(target);
  const wanted = new Map(expected.map((file) => [`${folder}/${file.name}`, file]));
  const taken = new Map<string, { size: number; sha256: string }>();
  try {
    await list({
      file: archive,
      onReadEntry: (entry) => {
        const file = wanted.get(entry.path.replace(/^\.\//, ""));
        if (!file || taken.has(file.name) || (entry.type !== "File" && entry.type !== "OldFile")) return;
        taken.set(file.name, { size: NaN, sha256: "unfinished" });
        take(entry, join(target, file.name), file.size, (found) => taken.set(file.name, found));
      },
    });
    for (const file of expected) {
      const found = taken.get(file.name);
      const what = `${folder}/${file.name} in ${basename(archive)}`;
      if (!found) throw new Error(`Expected ${what} but found no such file: the archive is another one`);
      if (found.size !== file.size)
        throw new Error(`Expected ${what} to hold ${file.size} bytes but found ${found.size}`);
      if (found.sha256 !== file.sha256)
        throw new Error(`Expected SHA-256 ${file.sha256} of ${what} but found ${found.sha256}`);
    }
  } catch (error) {
    await Promise.all(expected.map(({ name }) => rm(join(target, name), { force: true })));
    throw error;
  }
}

/** Writes an entry's bytes, at most as many as are expected, as they are parsed. */
function take(
  entry: ReadEntry,
  path: string,
  limit: number,
  onEnd: (found: { size: number; sha256: string }) => void,
): void {
  const hash = createHash("sha256");
  const file = openSync(path, "wx");
  let size = 0;
  entry.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) return;
    hash.update(chunk);
    writeSync(file, chunk);
  });
  entry.on("end", () => {
    closeSync(file);
    onEnd({ size, sha256: hash.digest("hex") });
  });
}
