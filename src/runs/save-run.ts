import { existsSync } from "node:fs";
import { join } from "node:path";

import { type RowKind, rowKinds, type RowLists, type RunRecord } from "../rows";
import { runInfoFile } from "./run-info";
import { writeRunInfo } from "./write-run-info";
import { writeSegment } from "./segments/write-segment";

/**
 * Writes a run that is at its end to a folder of its own, to be read by `readRun` and `runs`, by pyarrow and by polars.
 *
 * @throws RangeError where the folder holds a run already.
 * @example
 * import { mkdtempSync } from "node:fs";
 * import * as ga from "gradamp";
 *
 * const folder = mkdtempSync("/tmp/runs-");
 * const run = { name: "a", model: "VGG08", parameters: 59716, dataset: "cifar-100", options: { seed: 7 }, epochs: [], gradients: [] };
 * ga.saveRun(run, `${folder}/a`);
 * console.log(ga.readRun(`${folder}/a`).options); // { seed: 7 }
 */
export function saveRun(run: RunRecord, folder: string): void {
  if (existsSync(join(folder, runInfoFile))) {
    throw new RangeError(`Expected ${folder} to be free but found a run in it: choose another folder`);
  }
  const write = <Kind extends RowKind>(kind: Kind, rows: RowLists[Kind] = []) =>
    rows.length > 0 && writeSegment(folder, kind, rows);
  for (const kind of rowKinds) write(kind, run[kind]);
  const { name, model, parameters, dataset, options } = run;
  // Last, so that a folder is a run only once its rows are there.
  writeRunInfo(folder, { name, model, parameters, dataset, options, status: "finished" });
}
