import { checkPath } from "../options";
import { rowKinds, type RunRecord } from "../rows";
import { checkRows } from "./check-rows";
import { readRows } from "./segments/read-rows";
import { readRunInfo } from "./read-run-info";

/**
 * Reads one run back, as rows: what figures and tables take.
 *
 * A statistic that was not measured at a step is left out of that step's row.
 *
 * @param folder the run's folder
 * @throws {Error} if `run.json` or a segment is damaged; the message names the file
 * @example
 * import { mkdtempSync } from "node:fs";
 * import * as ga from "gradamp";
 *
 * const folder = mkdtempSync("/tmp/runs-");
 * const run = { name: "a", model: "VGG08", parameters: 59716, dataset: "cifar-100", options: {}, epochs: [], gradients: [] };
 * ga.saveRun(run, `${folder}/a`);
 * console.log(ga.table.results([ga.readRun(`${folder}/a`)]).array("model")); // ["VGG08"]
 */
export function readRun(folder: string): RunRecord {
  checkPath(folder, "a run's folder");
  const info = readRunInfo(folder);
  checkRows(folder, info);
  const { name, model, parameters, dataset, options } = info;
  const rows = rowKinds.map((kind) => [kind, readRows(folder, kind)] as const).filter(([, found]) => found.length > 0);
  return { name, model, parameters, dataset, options, epochs: [], gradients: [], ...Object.fromEntries(rows) };
}
