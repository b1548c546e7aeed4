import { rmSync } from "node:fs";
import { join } from "node:path";

import { bestEpoch, type Progress, type RowKind, rowKinds, type RowLists } from "../../rows";
import type { Run, TrainingSnapshot } from "../../training";
import { compact } from "../segments/compact";
import { listCheckpoints, type SegmentNames, writeCheckpoint } from "../checkpoints/checkpoint";
import type { Lease } from "../lease";
import { removeProgress, writeProgress } from "../progress-file";
import type { RunInfo, RunProgress, RunSession } from "../run-info";
import { segmentNameOf } from "../segments/segment";
import { EventFile } from "../tensorboard/event-file";
import { rowEvents } from "../tensorboard/run-events";
import { writeRunInfo } from "../write-run-info";
import { appendSegment } from "../segments/write-segment";
import { clearRun } from "./clear-run";
import { type SaveOptions, selectionScore } from "../../spec";

/** Writes a run's rows, checkpoints and run.json while it goes on; every write is preceded by a look at the lease. */
export class Recorder {
  /** Complete epochs whose state is on the disk; -1 before the first checkpoint. */
  #epoch: number;
  /** The epoch of the last checkpoint; -1 before the first. */
  #checkpoint: number;
  readonly #segments = {} as Record<RowKind, string[]>;
  /** How many of the run's rows are on the disk. */
  readonly #written = {} as Record<RowKind, number>;
  #eta: number | null = null;
  #events: EventFile | null = null;
  #told = 0;

  /** @param before what is on the disk already, with all rows that the run has */
  constructor(
    readonly folder: string,
    readonly lease: Lease,
    readonly save: SaveOptions,
    readonly run: Run,
    private info: RunInfo,
    before: { segments: SegmentNames; epoch: number },
  ) {
    for (const kind of rowKinds) {
      this.#segments[kind] = [...(before.segments[kind] ?? [])];
      this.#written[kind] = run[kind].length;
    }
    this.#epoch = this.#checkpoint = before.epoch;
    run.on("progress", (progress) => {
      this.#eta = progress.etaSeconds;
      this.#tellProgress(progress);
    });
  }

  /** Brings an epoch onto the disk: its rows, then its state, then run.json. */
  async onSnapshot(snapshot: TrainingSnapshot): Promise<void> {
    const { epoch } = snapshot;
    const before = Object.fromEntries(rowKinds.map((kind) => [kind, this.#written[kind]])) as Record<RowKind, number>;
    this.flushRows();
    if (epoch > this.#epoch && this.#isDue(epoch)) {
      const state = await snapshot.read();
      this.lease.confirm();
      writeCheckpoint(this.folder, { state, segments: this.#segments });
      this.#checkpoint = epoch;
      this.#deleteCheckpoints(epoch);
    }
    if (this.save.tensorBoard) this.#writeEvents(before, snapshot.step);
    this.#epoch = epoch;
    const progress: RunProgress = {
      epoch,
      epochs: Number(this.run.options["epochs"]),
      step: snapshot.step,
      etaSeconds: this.#eta,
      updated: new Date().toISOString(),
    };
    this.writeInfo({
      progress,
      best: bestEpoch(this.run.epochs, selectionScore(this.run.options)),
      stages: snapshot.stages,
      checkpoint: this.#checkpoint,
    });
    if (this.save.until !== undefined && this.save.until !== null && epoch >= this.save.until) this.run.stop();
  }

  /** Writes the rows that are not on the disk yet. */
  flushRows(): void {
    for (const kind of rowKinds) this.#flush(kind);
  }

  /** Changes fields of run.json. */
  writeInfo(changes: Partial<RunInfo>): void {
    this.info = { ...this.info, ...changes, rows: { ...this.#written } } as RunInfo;
    this.lease.confirm();
    writeRunInfo(this.folder, this.info);
  }

  /** Frees what is open. */
  close(): void {
    this.#events?.close();
    this.#events = null;
    if (!this.lease.lost) removeProgress(this.folder);
  }

  /**
   * The last thing that is said of the run in this process; one that has no checkpoint yet is taken away, being none.
   */
  end(changes: Partial<RunInfo>, session: RunSession): void {
    if (this.#epoch < 0) return void clearRun(this.folder);
    this.writeInfo({ ...changes, sessions: [...(this.info.sessions ?? []).slice(0, -1), session] });
  }

  /** Makes one file of each kind of rows; the run must be at its end. */
  compact(): void {
    for (const kind of rowKinds) {
      this.lease.confirm();
      compact(this.folder, kind);
    }
  }

  /** Deletes all checkpoints but those that were asked to be kept. */
  deleteCheckpoints(): void {
    for (const { path, epoch } of listCheckpoints(this.folder)) {
      if (this.save.keep?.includes(epoch)) continue;
      this.lease.confirm();
      rmSync(path, { force: true });
    }
  }

  /** Writes what is new for TensorBoard. */
  #writeEvents(from: Readonly<Record<RowKind, number>>, step: number): void {
    this.lease.confirm();
    this.#events ??= new EventFile(join(this.folder, "tensorboard"), step + 1);
    for (const kind of rowKinds)
      for (const row of this.run[kind].slice(from[kind])) {
        const values = rowEvents(kind, row);
        if (values.length > 0) this.#events.add("step" in row ? (row.step as number) : step, values);
      }
  }

  #flush<Kind extends RowKind>(kind: Kind): void {
    const rows = (this.run as RowLists)[kind].slice(this.#written[kind]);
    if (rows.length === 0) return;
    this.lease.confirm();
    const segment = appendSegment(this.folder, kind, rows, this.#segments[kind].at(-1) ?? null);
    this.#segments[kind].push(segmentNameOf(segment));
    this.#written[kind] += rows.length;
  }

  /** Once a second at most; who cannot write it goes on, for nothing is lost with it. */
  #tellProgress(progress: Progress): void {
    if (this.lease.lost || performance.now() - this.#told < 1000) return;
    this.#told = performance.now();
    try {
      writeProgress(this.folder, progress);
    } catch {
      // Rows and checkpoints will say what is wrong with the disk.
    }
  }

  #isDue(epoch: number): boolean {
    const { checkpointEvery = 1, keep = [], until = null } = this.save;
    const last = epoch === this.run.options["epochs"] || epoch === until;
    return epoch % checkpointEvery === 0 || last || keep.includes(epoch) || this.#bestUpTo(epoch) === epoch;
  }

  #bestUpTo(epoch: number): number | null {
    return (
      bestEpoch(
        this.run.epochs.filter((row) => row.epoch <= epoch),
        selectionScore(this.run.options),
      )?.epoch ?? null
    );
  }

  /**
   * The last two stay, so that one may be damaged, and with each the one that was the best by then.
   */
  #deleteCheckpoints(newest: number): void {
    const all = listCheckpoints(this.folder);
    const lastTwo = [...new Set(all.map(({ epoch }) => epoch))].filter((epoch) => epoch <= newest).slice(-2);
    const stay = new Set([...lastTwo, ...lastTwo.map((epoch) => this.#bestUpTo(epoch)), ...(this.save.keep ?? [])]);
    for (const { path, epoch } of all) if (!stay.has(epoch)) rmSync(path, { force: true });
  }
}
