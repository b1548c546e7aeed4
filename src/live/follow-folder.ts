import { readProgress } from "../runs/progress-file";
import { readLaterRows } from "../runs/read-later-rows";
import type { Rows } from "../runs/read-rows";
import { readRunInfo } from "../runs/read-run-info";
import type { RunInfo } from "../runs/run-info";
import { runStatus } from "../runs/run-status";
import type { DashboardEvent } from "./dashboard-event";
import type { RunFacts } from "./dashboard-state";
import { recordEvents } from "./record-events";

const kinds = ["epochs", "gradients", "selections"] as const;
type Kind = (typeof kinds)[number];
type News = { [K in Kind]: Rows[K][] };

const none = (): News => ({ epochs: [], gradients: [], selections: [] });

/** A run that is kept in a folder, as its files tell of it: each look tells what is new since the look before. */
export class FolderFollower {
  readonly #read: Record<Kind, number> = { epochs: 0, gradients: 0, selections: 0 };
  /** Rows of an epoch that is still being written. */
  #held = none();
  #stages = 0;
  #progress = "";
  #eta: number | null = null;

  constructor(readonly folder: string) {}

  /** @throws {Error} where the folder holds no run */
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
    for (const kind of kinds) if (!this.#readOn(kind)) return false;
    const complete = status === "running" ? (info.progress?.epoch ?? 0) : Infinity;
    const stages = (info.stages ?? []).slice(this.#stages);
    this.#stages += stages.length;
    for (const event of recordEvents({ ...this.#take(complete), stages })) tell(event);
    if (status === "running") {
      this.#tellProgress(info, tell);
      return true;
    }
    if (info.error) tell({ kind: "warning", text: info.error });
    const known = ["finished", "interrupted", "failed", "diverged", "stale"] as const;
    tell({ kind: "end", status: known.find((each) => each === status) ?? "finished" });
    return true;
  }

  #readOn<K extends Kind>(kind: K): boolean {
    const rows = readLaterRows(this.folder, kind, this.#read[kind]);
    if (rows === null) return false;
    this.#read[kind] += rows.length;
    (this.#held[kind] as Rows[K][]).push(...rows);
    return true;
  }

  /** The rows of complete epochs; layers are selected before the first epoch that is trained with them. */
  #take(complete: number): News {
    const all = this.#held;
    const until = { epochs: complete, gradients: complete, selections: complete + 1 };
    const split = (keep: (epoch: number, kind: Kind) => boolean): News =>
      Object.fromEntries(
        kinds.map((kind) => [kind, all[kind].filter((row) => keep(row.epoch, kind))]),
      ) as unknown as News;
    this.#held = split((epoch, kind) => epoch > until[kind]);
    return split((epoch, kind) => epoch <= until[kind]);
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
