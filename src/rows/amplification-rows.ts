import { rollUp } from "./roll-up";
import { momentRows } from "./moment-rows";
import type { RunLike } from "./run-record";

/** Mean |gradient| of a layer without and with amplification, at the same weights and the same batch. */
export interface AmplificationRow {
  /** In forward order. */
  layer: string;
  raw: number;
  amplified: number;
  /** Whether the layer itself is one of those that amplify. */
  selected: boolean;
}

/**
 * Raw and amplified gradients of a run at one measured step, each layer with all its weights together.
 *
 * @param epoch which; null for the last one in which layers were amplified, or else the last one
 * @throws {RangeError} if they were not measured
 */
export function amplificationRows(run: RunLike, epoch: number | null): AmplificationRow[] {
  const measured = (run.gradients ?? []).filter((row) => typeof row["rawMeanAbs"] === "number");
  const amplified = new Set((run.epochs ?? []).filter((row) => row.amplifiedLayers > 0).map((row) => row.epoch));
  const preferred = measured.filter((row) => amplified.has(row.epoch)).map((row) => row.epoch);
  const wanted = epoch ?? (preferred.length > 0 ? Math.max(...preferred) : null);
  const rows = momentRows(measured, wanted, "amplification");
  const selected = selectedLayers(run, rows[0]?.epoch ?? 0, amplified);
  return rollUp(rows, { by: "layer" }).map((row) => ({
    layer: row.layer ?? "",
    raw: row["rawMeanAbs"] as number,
    amplified: row.meanAbs,
    selected: selected.has(row.layer ?? ""),
  }));
}

/** The layers that were amplified in an epoch: those of the latest selection, unless amplification was paused. */
function selectedLayers(run: RunLike, epoch: number, amplified: ReadonlySet<number>): Set<string> {
  if (!amplified.has(epoch)) return new Set();
  const before = (run.selections ?? []).filter((row) => row.epoch <= epoch);
  const latest = Math.max(...before.map((row) => row.epoch));
  return new Set(before.filter((row) => row.epoch === latest && row.selected).map(({ layer }) => layer));
}
