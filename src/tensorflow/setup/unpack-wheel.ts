import { createWriteStream } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { openPromise } from "yauzl";
import { makeFolder } from "../../files/make-folder";

export interface UnpackOptions {
  /** Which entries to unpack, by their name in the archive. */
  readonly wanted: (name: string) => boolean;
  /** Which of them are programs. */
  readonly executable?: (name: string) => boolean;
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes written so far. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

export interface UnpackedFile {
  readonly path: string;
  readonly size: number;
}

/**
 * Unpacks some entries of a wheel (a zip archive) below a folder, under their names in the archive.
 *
 * @returns what was written; yauzl refuses names that lead out of the folder, and entries of another size than declared
 */
export async function unpackWheel(wheel: string, folder: string, options: UnpackOptions): Promise<UnpackedFile[]> {
  const archive = await openPromise(wheel, { autoClose: false });
  const files: UnpackedFile[] = [];
  let bytes = 0;
  try {
    for await (const entry of archive.eachEntry()) {
      if (entry.fileName.endsWith("/") || !options.wanted(entry.fileName)) continue;
      const path = join(folder, entry.fileName);
      makeFolder(dirname(path));
      const source = await archive.openReadStreamPromise(entry);
      source.on("data", (chunk: Buffer) => options.onBytes?.((bytes += chunk.length)));
      const target = createWriteStream(path, { mode: options.executable?.(entry.fileName) ? 0o755 : 0o644 });
      await pipeline(source, target, { signal: options.signal } as { signal: AbortSignal });
      files.push({ path: entry.fileName, size: entry.uncompressedSize });
    }
  } finally {
    archive.close();
  }
  return files;
}
