import type { ColumnTable } from "arquero";

import { isSetting } from "../../statistics/one-setting";

/** A trial's row in `ga.sweepResults`, as far as a reproduction looks at it. */
export interface ResultRow {
  readonly run: string;
  readonly dataset: string;
  readonly model: string;
  readonly method: string;
  readonly group: string | null;
  readonly params: string | null;
  readonly strategy: string | null;
  /** Of the protocol; "rerun" for a setting that is run again with fresh seeds, "control" for what it is held against. */
  readonly part: string;
  readonly seed: number;
  /** Trials that amplify the same layers throughout share it. */
  readonly folder: string | null;
  readonly learningRate: number | null;
  readonly minutes: number | null;
  readonly [column: string]: unknown;
}

/**
 * The rows of a table of results, of runs that ended.
 *
 * @throws {RangeError} for a table that lacks a column
 */
export function resultRows(results: ColumnTable): ResultRow[] {
  const names = results.columnNames();
  const needed = ["run", "dataset", "model", "method", "group", "params", "strategy", "part", "seed", "folder"];
  const lacking = needed.filter((name) => !names.includes(name));
  if (lacking.length > 0) {
    throw new RangeError(
      `Expected a table with ${lacking.join(", ")} but found ${names.join(", ")}: pass what ga.sweepResults gives`,
    );
  }
  // Numbers of a run that goes on, or that ended early, are of an earlier epoch: it counts as not run.
  return (results.objects({ limit: Infinity }) as ResultRow[]).filter((row) => !UNFINISHED.has(row["status"]));
}

/** How a trial stands that has no last epoch; one that diverged has. */
const UNFINISHED: ReadonlySet<unknown> = new Set([
  ...["absent", "waiting", "queued", "held", "blocked", "running", "interrupted", "failed", "unreadable"],
]);

/** Parts whose originals are trained otherwise than the ones that the papers compare with. */
const OTHER_ORIGINALS = ["longer", "calibration", "control"];

export const isOriginal = ({ method, part }: ResultRow) => method === "original" && !OTHER_ORIGINALS.includes(part);

/** Whether a row is a run of a setting that was fixed before this run was made. */
export const isFresh = ({ part }: ResultRow) => part === "rerun";

/** Whether a run ended without numbers, which a mean over the others would pass over. */
export const isDiverged = (row: ResultRow) =>
  row["status"] === "diverged" || (typeof row["trainLoss"] === "number" && !Number.isFinite(row["trainLoss"]));

/** All that was trained but the seed, as text; equal for the runs of one setting. */
export const settingOf = (row: ResultRow): string =>
  JSON.stringify(Object.keys(row).filter((name) => isSetting(name) && name !== "strategy").sort().map((name) => row[name] ?? null)); // prettier-ignore

const byNetwork = new WeakMap<readonly ResultRow[], Map<string, ResultRow[]>>();

/** The rows of a network on a data set; a table's rows are sorted once, since hundreds of cells ask. */
export function rowsOfNetwork(rows: readonly ResultRow[], dataset: string, model: string): readonly ResultRow[] {
  let sorted = byNetwork.get(rows);
  if (sorted === undefined) {
    sorted = new Map<string, ResultRow[]>();
    for (const row of rows) {
      const key = `${row.dataset} ${row.model}`;
      const alike = sorted.get(key);
      if (alike === undefined) sorted.set(key, [row]);
      else alike.push(row);
    }
    byNetwork.set(rows, sorted);
  }
  return sorted.get(`${dataset} ${model}`) ?? [];
}

/** A row's number in a column; null where it has none. */
export function numberIn(row: ResultRow, column: string): number | null {
  const value = row[column];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** Every number that rows have in a column. */
export function numbersIn(rows: readonly ResultRow[], column: string): number[] {
  return rows.flatMap((row) => numberIn(row, column) ?? []);
}

/** The row with the highest number in a column, the first of equal ones; null where none has one. */
export function bestRow(rows: readonly ResultRow[], column: string): ResultRow | null {
  let best: ResultRow | null = null;
  for (const row of rows) {
    const value = numberIn(row, column);
    if (value !== null && (best === null || value > (numberIn(best, column) ?? -Infinity))) best = row;
  }
  return best;
}

/**
 * How many of these trials are really different: trials that amplified the same layers share a folder, and a ReLU that
 * stands right behind a batch norm is amplified as that is, so that all their numbers agree to the last digit.
 */
export function countDifferent(rows: readonly ResultRow[]): number {
  const measured = ["trainLoss", "trainAccuracy", "validationLoss", "validationAccuracy", "testAccuracy"];
  const keys = rows.map((row) => {
    const numbers = measured.map((name) => numberIn(row, name));
    // Accuracies alone may agree by chance; with the loss of the training they do not.
    return numberIn(row, "trainLoss") === null ? (row.folder ?? row.run) : JSON.stringify([row.seed, ...numbers]);
  });
  return new Set(keys).size;
}
