import { relative } from "node:path";
import { bestEpoch } from "../../rows";
import { checkRows } from "../../runs/check-rows";
import { deathWords } from "../../runs/death-words";
import { findRuns } from "../../runs/find-runs";
import { readRows } from "../../runs/segments/read-rows";
import { readRunInfo } from "../../runs/read-run-info";
import { runStatus } from "../../runs/run-status";
import { selectionScore } from "../../spec";

/** A run in a list. */
export interface ListedRun {
  readonly run: string;
  /** As run.json says, "stale", or "unreadable": then `problem` says why; of what is unreadable the rest is null. */
  readonly status: string;
  readonly model: string | null;
  readonly dataset: string | null;
  readonly epoch: number | null;
  readonly epochs: number | null;
  readonly trainLoss: number | null;
  readonly validationAccuracy: number | null;
  readonly bestValidationAccuracy: number | null;
  readonly testAccuracy: number | null;
  readonly problem: string | null;
}

/**
 * The runs beneath a folder; one that cannot be read is listed as that, with the reason, and hides no other.
 *
 * @throws {RangeError} if there is none
 */
export async function listRuns(folder: string): Promise<ListedRun[]> {
  const name = (run: string) => relative(process.cwd(), run) || ".";
  const unreadable: ListedRun[] = [];
  const found = findRuns(folder, ({ folder: run, error }) => unreadable.push(unread(name(run), error)));
  if (found.length + unreadable.length === 0) throw new RangeError(`Expected runs in ${folder} but found none`);
  const rows = found.map((run) => listed(run, name(run)).catch((error: Error) => unread(name(run), error)));
  return [...(await Promise.all(rows)), ...unreadable];
}

function unread(run: string, { message }: Error): ListedRun {
  return {
    ...{ run, status: "unreadable", model: null, dataset: null, epoch: null, epochs: null, trainLoss: null },
    ...{ validationAccuracy: null, bestValidationAccuracy: null, testAccuracy: null, problem: message },
  };
}

async function listed(folder: string, name: string): Promise<ListedRun> {
  const info = readRunInfo(folder);
  checkRows(folder, info);
  const { model, dataset, options, progress } = info;
  const rows = readRows(folder, "epochs");
  const last = rows.at(-1);
  const status = await runStatus(folder);
  const epochs = Number(options["epochs"] ?? progress?.epochs ?? NaN);
  return {
    run: name,
    status,
    model,
    dataset,
    epoch: last?.epoch ?? 0,
    epochs: Number.isNaN(epochs) ? null : epochs,
    trainLoss: last?.trainLoss ?? null,
    validationAccuracy: last?.validationAccuracy ?? null,
    bestValidationAccuracy: bestEpoch(rows, selectionScore(info.options))?.validationAccuracy ?? null,
    testAccuracy: last?.testAccuracy ?? null,
    problem: status === "stale" ? await deathWords(folder) : null,
  };
}
