import { checkArgument, checkPath } from "../options";
import { join } from "node:path";
import { crc32 } from "node:zlib";

import { VERSION } from "../spec";
import { type RunInfo, runInfoFile } from "./run-info";
import { writeFileAtomically } from "../files/write-file-atomically";

/**
 * Writes a run's `run.json`, creating its folder; its last field is a checksum of the others.
 *
 * @param folder the run's folder
 * @param info all that run.json holds
 * @throws {Error} if the folder cannot be written; the message says what to do
 */
export function writeRunInfo(folder: string, info: RunInfo): void {
  checkPath(folder, "a run's folder");
  checkArgument(info, "what a run is, as of ga.readRunInfo,", "name");
  const fields = JSON.parse(JSON.stringify({ version: VERSION, ...info })) as RunInfo;
  const content = { ...fields, checksum: checksumOf(fields) };
  writeFileAtomically(join(folder, runInfoFile), `${JSON.stringify(content, null, 2)}\n`);
}

/** CRC-32 of what a run.json holds, but for the checksum itself; eight hexadecimal digits. */
export function checksumOf(info: Readonly<Record<string, unknown>>): string {
  const { checksum: _, ...fields } = info;
  return crc32(JSON.stringify(fields)).toString(16).padStart(8, "0");
}
