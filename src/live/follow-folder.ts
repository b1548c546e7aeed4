import { appendRows, emptyRows, liveKinds, ROW_KINDS, type RowKind, type RowLists } from "../rows";
import { readProgress } from "../runs/progress-file";
import { readLaterRows } from "../runs/segments/read-later-rows";
import { readRunInfo } from "../runs/read-run-info";
import type { RunInfo } from "../runs/run-info";
import { runStatus } from "../runs/run-status";
import type { DashboardEvent } from "./dashboard-event";
import type { RunFacts } from "./dashboard-state";
import { recordEvents } from "./record-events";

/** A run that is kept in a folder, as its files tell of it: each look tells what is new since the look before. */
export class FolderFollower {
  /** How many rows of each kind have been read. */
  readonly #read = new Map<RowKind, number>();
  /** Rows of an epoch that is still being written. */
  #held = emptyRows();
  #stages = 0;
  #progress = "";
  #eta: number | null = null;

  constructor(readonly folder: string) {}

  /** @throws {Error} if the folder holds no run */
  facts(): RunFacts {
    const { name, model, parameters, dataset, options } = readRunInfo(this.folder);
    return { name, model, parameters, dataset, options };
  }

  /**
   * Tells what is new.
   *
   * @returns false where rows that were told of are gone: the run has been taken up after an earlier epoch, and is to be
   * followed anew
   */
  async look(tell: (event: DashboardEvent) => void): Promise<boolean> {
    // Read before the rows: those of the epochs that it names are complete then.
    const info = readRunInfo(this.folder);
    const status = await runStatus(this.folder);
    for (const kind of liveKinds) if (!this.#readOn(kind)) return false;
    const complete = status === "running" ? (info.progress?.epoch ?? 0) : Infinity;
    const stages = (info.stages ?? []).slice(this.#stages);
    this.#stages += stages.length;
    for (const event of recordEvents({ ...this.#take(complete), stages })) tell(event);
    if (status === "running") {
      this.#tellProgress(info, tell);
      return true;
    }
    if (info.error) tell({ kind: "warning", text: info.error });
    const known = ["finished", "stopped early", "interrupted", "failed", "diverged", "stale"] as const;
    tell({ kind: "end", status: known.find((each) => each === status) ?? "finished" });
    return true;
  }

  #readOn<Kind extends RowKind>(kind: Kind): boolean {
    const known = this.#read.get(kind) ?? 0;
    const rows = readLaterRows(this.folder, kind, known);
    if (rows === null) return false;
    this.#read.set(kind, known + rows.length);
    appendRows(this.#held, kind, rows);
    return true;
  }

  /** The rows of complete epochs; what is there ahead of its epoch comes before that is complete. */
  #take(complete: number): RowLists {
    const [due, later] = [emptyRows(), emptyRows()];
    const split = <Kind extends RowKind>(kind: Kind) => {
      const until = ROW_KINDS[kind].when === "ahead" ? complete + 1 : complete;
      for (const row of this.#held[kind]) (row.epoch <= until ? due : later)[kind].push(row);
    };
    for (const kind of liveKinds) split(kind);
    this.#held = later;
    return due;
  }

  #tellProgress(info: RunInfo, tell: (event: DashboardEvent) => void): void {
    const progress = readProgress(this.folder);
    const text = JSON.stringify(progress);
    if (progress && text !== this.#progress && progress.epoch > (info.progress?.epoch ?? 0))
      tell({ kind: "progress", progress });
    this.#progress = text;
    const eta = info.progress?.etaSeconds ?? null;
    if (!progress && eta !== this.#eta) tell({ kind: "eta", seconds: eta });
    this.#eta = eta;
  }
}
