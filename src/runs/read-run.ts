import type { EpochRow, GradientRow, RunRecord } from "../training/rows";
import { loadColumns, rowSource } from "./load-column";
import { readRunInfo } from "./read-run-info";
import { segmentColumns } from "./read-segment";
import type { RowKind } from "./segment";

/**
 * Reads one run back, as rows: what figures and tables take.
 *
 * A statistic that was not measured at a step is left out of that step's row.
 *
 * @throws Error, naming the file, where `run.json` or a segment is damaged.
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
  const { name, model, parameters, dataset, options } = readRunInfo(folder);
  return {
    name,
    model,
    parameters,
    dataset,
    options,
    epochs: readRows(folder, "epochs", true) as unknown as EpochRow[],
    gradients: readRows(folder, "gradients", false) as unknown as GradientRow[],
  };
}

function readRows(run: string, kind: RowKind, keepNull: boolean): Record<string, number | string | null>[] {
  const source = rowSource(run, kind);
  const names = new Set(source.segments.flatMap((segment) => [...segmentColumns(segment).keys()]));
  const columns = [...loadColumns([source], [...names])];
  return Array.from({ length: source.rows }, (_, row) => {
    const object: Record<string, number | string | null> = {};
    for (const [name, { values, missing, dictionary }] of columns) {
      if (missing?.[row] === 1) {
        if (keepNull) object[name] = null;
      } else {
        const value = values[row] ?? NaN;
        object[name] = dictionary === null ? value : (dictionary[value] ?? null);
      }
    }
    return object;
  });
}
