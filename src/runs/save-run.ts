import { checkArgument, checkPath } from "../options";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { type RowKind, rowKinds, type RowLists, type RunRecord } from "../rows";
import { keptFiles } from "./recording/clear-run";
import { runInfoFile } from "./run-info";
import { writeRunInfo } from "./write-run-info";
import { appendSegment } from "./segments/write-segment";

/**
 * Writes a run that is at its end to a folder of its own, to be read by `readRun` and `runs`, by pyarrow and by polars.
 *
 * @param run a run, or what has its fields
 * @param folder where it goes; made if there is none
 * @throws {RangeError} if the folder holds a run already
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
  checkArgument(run, "a run", "epochs");
  checkPath(folder, "a folder to write to");
  checkFree(folder);
  const id = randomBytes(8).toString("hex");
  const write = <Kind extends RowKind>(kind: Kind, rows: RowLists[Kind] = []) =>
    rows.length > 0 && appendSegment(folder, kind, rows, null, id);
  for (const kind of rowKinds) write(kind, run[kind]);
  const { name, model, parameters, dataset, options } = run;
  // Last, so that a folder is a run only once its rows are there.
  const counts = Object.fromEntries(rowKinds.map((kind) => [kind, run[kind]?.length ?? 0]));
  writeRunInfo(folder, { id, name, model, parameters, dataset, options, status: "finished", rows: counts });
}

/** @throws {RangeError} if a folder holds a run, or what remains of one */
export function checkFree(folder: string): void {
  if (existsSync(join(folder, runInfoFile))) {
    throw new RangeError(`Expected ${folder} to be free but found a run in it: choose another folder`);
  }
  const [remains] = keptFiles(folder);
  if (remains !== undefined)
    throw new RangeError(`Expected ${folder} to be free but found ${remains} in it: choose another folder`);
}
