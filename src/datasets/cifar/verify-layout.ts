import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { cifarFiles, type CifarLayout } from "./cifar-layout";

/** What was found of one file. */
export interface VerifiedFile {
  /** Absolute. */
  readonly path: string;
  /** Bytes. */
  readonly expectedSize: number;
  /** Bytes; null where there is no such file. */
  readonly foundSize: number | null;
  /** In hexadecimal. */
  readonly expectedSha256: string;
  /** Null where the file is missing or has another size, and was not read. */
  readonly foundSha256: string | null;
  /** Whether the file is there and has this checksum. */
  readonly ok: boolean;
}

/** Sizes and SHA-256 of a set's files in a data folder. */
export async function verifyLayout(layout: CifarLayout, dataFolder: string): Promise<VerifiedFile[]> {
  const rows: VerifiedFile[] = [];
  for (const { name, size, sha256 } of cifarFiles(layout)) {
    const path = join(dataFolder, layout.folder, name);
    const foundSize = (await stat(path).catch(() => null))?.size ?? null;
    const foundSha256 = foundSize === size ? await sha256Of(path) : null;
    const ok = foundSha256 === sha256;
    rows.push({ path, expectedSize: size, foundSize, expectedSha256: sha256, foundSha256, ok });
  }
  return rows;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
