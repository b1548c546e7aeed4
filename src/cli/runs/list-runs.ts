import { relative } from "node:path";
import { bestEpoch } from "../../rows";
import { findRuns } from "../../runs/find-runs";
import { readRows } from "../../runs/segments/read-rows";
import { readRunInfo } from "../../runs/read-run-info";
import { runStatus } from "../../runs/run-status";

/** A run in a list. */
export interface ListedRun {
  readonly run: string;
  readonly status: string;
  readonly model: string;
  readonly dataset: string;
  readonly epoch: number;
  readonly epochs: number | null;
  readonly trainLoss: number | null;
  readonly validationAccuracy: number | null;
  readonly bestValidationAccuracy: number | null;
  readonly testAccuracy: number | null;
}

/**
 * The runs beneath a folder.
 *
 * @throws {RangeError} where there is none
 */
export async function listRuns(folder: string): Promise<ListedRun[]> {
  const found = findRuns(folder);
  if (found.length === 0) throw new RangeError(`Expected runs in ${folder} but found none`);
  return Promise.all(found.map((run) => listed(run, relative(process.cwd(), run) || ".")));
}

async function listed(folder: string, name: string): Promise<ListedRun> {
  const { model, dataset, options, progress } = readRunInfo(folder);
  const rows = readRows(folder, "epochs");
  const last = rows.at(-1);
  const epochs = Number(options["epochs"] ?? progress?.epochs ?? NaN);
  return {
    run: name,
    status: await runStatus(folder),
    model,
    dataset,
    epoch: last?.epoch ?? 0,
    epochs: Number.isNaN(epochs) ? null : epochs,
    trainLoss: last?.trainLoss ?? null,
    validationAccuracy: last?.validationAccuracy ?? null,
    bestValidationAccuracy: bestEpoch(rows)?.validationAccuracy ?? null,
    testAccuracy: last?.testAccuracy ?? null,
  };
}
