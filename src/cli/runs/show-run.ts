import type { EpochRow, SelectionRow } from "../../rows";
import { deathWords } from "../../runs/death-words";
import { readRows } from "../../runs/segments/read-rows";
import { readRunInfo } from "../../runs/read-run-info";
import type { RunInfo } from "../../runs/run-info";
import { type RunState, runStatus } from "../../runs/run-status";

/** All of a run but its gradient rows. */
export interface ShownRun extends RunInfo {
  /** The run's folder. */
  readonly run: string;
  /** As run.json says, or "stale". */
  readonly state: RunState;
  readonly epochs: EpochRow[];
  /** The layers that were selected, from which epoch on, and why. */
  readonly selections: ShownSelection[];
}

/** One selection; of each layer its normalised ratio, where gradients decided. */
export interface ShownSelection extends Pick<
  SelectionRow,
  "epoch" | "by" | "ampFactor" | "ampRatio" | "analysed" | "threshold" | "sides"
> {
  /** Layers to choose from. */
  readonly of: number;
  readonly layers: readonly string[];
  readonly normalized: readonly (number | null)[];
}

export async function showRun(folder: string): Promise<ShownRun> {
  const info = readRunInfo(folder);
  const state = await runStatus(folder);
  return {
    ...info,
    ...(state === "stale" && !info.error ? { error: await deathWords(folder) } : {}),
    run: folder,
    state,
    epochs: readRows(folder, "epochs"),
    selections: bySelection(readRows(folder, "selections")),
  };
}

function bySelection(rows: readonly SelectionRow[]): ShownSelection[] {
  return [...new Set(rows.map(({ epoch }) => epoch))].map((epoch) => {
    const considered = rows.filter((row) => row.epoch === epoch);
    const selected = considered.filter((row) => row.selected);
    const { by, ampFactor, ampRatio, analysed, threshold, sides } = considered[0]!;
    return {
      ...{ epoch, by, ampFactor, ampRatio, analysed, threshold, sides, of: considered.length },
      layers: selected.map(({ layer }) => layer),
      normalized: selected.map(({ normalized }) => normalized),
    };
  });
}
