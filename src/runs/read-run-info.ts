import { checkPath } from "../options";
import { join } from "node:path";

import { readJson } from "../files/read-text";
import { checkVersion, upgradeOptions, VERSION } from "../spec";
import { type RunInfo, runInfoFile } from "./run-info";
import { checksumOf } from "./write-run-info";

/**
 * Reads a run's `run.json`.
 *
 * What an older version has written is given as this one writes it.
 *
 * @param folder the run's folder
 * @throws {Error} if the file is missing, is not JSON, lacks a field or was changed after it was written; the message
 *   names it
 * @throws {RangeError} if a newer gradamp wrote it
 *
 * @example
 * import { mkdtempSync } from "node:fs";
 * import * as ga from "gradamp";
 * const folder = `${mkdtempSync("/tmp/runs-")}/a`;
 * const data = ga.embedded({ train: 60, validation: 20, test: 20 });
 * await ga.train(ga.vgg08({ classes: 10, width: 4 }), data, { epochs: 1, batchSize: 20, save: folder });
 * console.log(ga.readRunInfo(folder).status); // finished
 */
export function readRunInfo(folder: string): RunInfo {
  checkPath(folder, "a run's folder");
  const file = join(folder, runInfoFile);
  let info: Record<string, unknown> | null;
  try {
    info = readJson(file) as Record<string, unknown> | null;
  } catch (error) {
    throw new Error(
      `Expected ${file} to describe a run but found that it cannot be read: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
  checkVersion(info, file);
  for (const [field, type] of Object.entries(FIELDS)) {
    const found = info?.[field];
    if (typeof found !== type || found === null)
      throw new Error(`Expected ${file} to hold a ${type} as ${field} but found ${JSON.stringify(found)}`);
  }
  for (const [field, type] of Object.entries(OPTIONAL)) {
    const found = info?.[field] ?? null;
    const isOne = type === "array" ? Array.isArray(found) : typeof found === "object" && !Array.isArray(found);
    if (found !== null && !isOne)
      throw new Error(`Expected ${file} to hold an ${type} as ${field} but found ${JSON.stringify(found)}`);
  }
  const { checksum, ...fields } = info as Record<string, unknown>;
  // Older versions, and people, wrote none.
  if (checksum !== undefined && checksum !== checksumOf(fields))
    throw new Error(
      `Expected ${file} to be as it was written but found it changed: restore it, or, where you have changed it on ` +
        "purpose, take its last field, checksum, away",
    );
  // An older version's null is no list, and the same as none.
  for (const field of Object.keys(OPTIONAL)) if (fields[field] === null && field !== "best") delete fields[field];
  if ((fields["version"] ?? 1) === VERSION) return fields as RunInfo;
  return { ...(fields as RunInfo), options: upgradeOptions((fields as RunInfo).options) };
}

const FIELDS = {
  name: "string",
  model: "string",
  parameters: "number",
  dataset: "string",
  options: "object",
  status: "string",
} as const;

/** What readers look into, where it is there. */
const OPTIONAL = { progress: "object", best: "object", sessions: "array", stages: "array", rows: "object" } as const;
