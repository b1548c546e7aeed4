import { createWriteStream } from "node:fs";
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import { pipeline } from "node:stream/promises";
import { openPromise } from "yauzl";
import { makeFolder } from "../../files/make-folder";
import { SetupError } from "./setup-error";

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
  /** CRC-32 of its bytes, eight hexadecimal digits, as the archive has it; missing for what is in none. */
  readonly crc32?: string;
}

/**
 * Unpacks some entries of a wheel (a zip archive) below a folder, under their names in the archive.
 *
 * @returns what was written; yauzl refuses names that lead out of the folder, and entries of another size than declared
 * @throws {SetupError} if an entry's bytes have another CRC-32 than the archive says
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
      let checksum = 0;
      source.on("data", (chunk: Buffer) => {
        checksum = crc32(chunk, checksum);
        options.onBytes?.((bytes += chunk.length));
      });
      const target = createWriteStream(path, { mode: options.executable?.(entry.fileName) ? 0o755 : 0o644 });
      await pipeline(source, target, { signal: options.signal } as { signal: AbortSignal });
      const found = checksum.toString(16).padStart(8, "0");
      const expected = entry.crc32.toString(16).padStart(8, "0");
      if (found !== expected)
        throw new SetupError(
          `Expected ${entry.fileName} in ${wheel} to have the CRC-32 ${expected} but found ${found}: the file is damaged`,
          "Run `gradamp setup` again, which fetches it anew; where it comes again, look at the disk",
        );
      files.push({ path: entry.fileName, size: entry.uncompressedSize, crc32: found });
    }
  } finally {
    archive.close();
  }
  return files;
}
