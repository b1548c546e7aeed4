import type { Directionality } from "./directionality-ratios";
import { momentRows } from "./moment-rows";
import { normaliseRatios } from "./normalise-ratios";
import type { SelectionRow } from "./row-types";
import type { RunLike } from "./run-record";

/** A layer's directionality ratio, and what became of it. */
export type JudgedLayer = Pick<SelectionRow, "layer" | "ratio" | "normalized" | "selected">;

/** What a run's directionality figure shows. */
export interface RunDirectionality {
  readonly rows: readonly JudgedLayer[];
  readonly threshold: number | null;
  readonly sides: "one" | "both";
  readonly directionality: Directionality;
}

/** The ratios that decided on layers in a run, or where none decided, those that were measured. */
export function selectionRows(
  run: RunLike,
  wanted: { epoch: number | null; directionality: Directionality | null },
): RunDirectionality {
  const decided = (run.selections ?? []).filter(
    ({ by, analysed }) => by !== "random" && (wanted.epoch === null || analysed === wanted.epoch),
  );
  const last = Math.max(...decided.map(({ analysed }) => analysed ?? 0));
  const own = decided.filter(({ analysed, by }) => analysed === last && (wanted.directionality ?? by) === by);
  const [first] = own;
  if (first) {
    const { threshold, sides, by } = first;
    return { rows: own, threshold, sides: sides ?? "one", directionality: by as Directionality };
  }
  const directionality = wanted.directionality ?? "G";
  const measured = momentRows(run.directionality ?? [], wanted.epoch, "directionality");
  const normalized = normaliseRatios(measured.map((row) => row[directionality] ?? NaN));
  const rows = measured.map((row, at) => ({
    layer: row.layer,
    ratio: row[directionality] ?? NaN,
    normalized: normalized[at]!,
    selected: false,
  }));
  return { rows, threshold: null, sides: "one", directionality };
}
