import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type RunInfo, runInfoFile } from "./run-info";

/**
 * Reads a run's `run.json`.
 *
 * @throws Error, naming the file, where it is missing, is no JSON or lacks a field.
 */
export function readRunInfo(folder: string): RunInfo {
  const file = join(folder, runInfoFile);
  let info: unknown;
  try {
    info = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(
      `Expected ${file} to describe a run but found that it cannot be read: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
  const fields = {
    name: "string",
    model: "string",
    parameters: "number",
    dataset: "string",
    options: "object",
    status: "string",
  };
  for (const [field, type] of Object.entries(fields)) {
    const found = (info as Record<string, unknown> | null)?.[field];
    if (typeof found !== type || found === null) {
      throw new Error(`Expected ${file} to hold a ${type} as ${field} but found ${JSON.stringify(found)}`);
    }
  }
  return info as RunInfo;
}
