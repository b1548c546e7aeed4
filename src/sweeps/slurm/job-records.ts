import { existsSync } from "node:fs";
import { join } from "node:path";

import { readJson } from "../../files/read-text";
import { checkVersion, VERSION } from "../../spec";
import { writeFileAtomically } from "../../files/write-file-atomically";
import type { SlurmOptions } from "./slurm-options";

/** What was submitted: `slurm.json` in the sweep's folder. */
export interface JobRecords {
  /** How trials are submitted; kept so that a job can go on where the sweep's own process has ended. */
  options: SlurmOptions;
  /** Task → its latest job. */
  jobs: Record<string, { job: string; failures: number }>;
  /** Analysed shared prefix → the job that goes on with the sweep when it has ended. */
  followUps: Record<string, string>;
  /** How many scripts were written. */
  arrays: number;
}

const file = (folder: string) => join(folder, "slurm.json");

/** @throws {RangeError} if a newer gradamp has written it */
export function readJobRecords(folder: string): JobRecords | null {
  if (!existsSync(file(folder))) return null;
  const { version, ...records } = readJson(file(folder)) as JobRecords & { version?: number };
  checkVersion({ version }, file(folder));
  return records;
}

export function writeJobRecords(folder: string, records: JobRecords): void {
  writeFileAtomically(file(folder), `${JSON.stringify({ version: VERSION, ...records }, null, 1)}\n`);
}
