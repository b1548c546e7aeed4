import { join } from "node:path";

import { type RunInfo, runInfoFile } from "./run-info";
import { writeFileAtomically } from "../files/write-file-atomically";

/** Writes a run's `run.json`, creating its folder. */
export function writeRunInfo(folder: string, info: RunInfo): void {
  writeFileAtomically(join(folder, runInfoFile), `${JSON.stringify(info, null, 2)}\n`);
}
