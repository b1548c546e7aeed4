import { existsSync } from "node:fs";
import { join } from "node:path";

// File by file: the folder's index would load TensorFlow.
import { readRunInfo } from "../runs/read-run-info";
import type { RunInfo } from "../runs/run-info";
import { saysFinished } from "../runs/says-finished";

/** Where a task stands, as its run folder says. */
export interface TaskState {
  /** "absent": not begun. "interrupted": begun, and can go on. "running": its process says so, and may be dead. */
  readonly status: "absent" | "running" | "interrupted" | "done" | "diverged" | "failed";
  /** The last epoch that is complete; those that were copied from a shared prefix count. */
  readonly epoch: number;
  /** Wall time of an epoch in its last session, set-up included; null before there is one. */
  readonly secondsPerEpoch: number | null;
  /** Most memory that a process of it took, in bytes; null where it is not known. */
  readonly peakMemory: number | null;
  /** Why it failed, or diverged. */
  readonly message: string | null;
}

const ABSENT: TaskState = { status: "absent", epoch: 0, secondsPerEpoch: null, peakMemory: null, message: null };

/**
 * Reads a task's state from its run folder, which is the only truth there is.
 *
 * @param folder of the run
 * A run whose run.json cannot be read counts as interrupted: whoever goes on with it mends it, or says what is wrong.
 *
 * @param last the task's last epoch: a shared prefix is done when it has reached it
 */
export function readTaskState(folder: string, last: number): TaskState {
  if (!existsSync(join(folder, "run.json"))) return ABSENT;
  let info: RunInfo;
  try {
    info = readRunInfo(folder);
  } catch (error) {
    return { ...ABSENT, status: "interrupted", message: (error as Error).message };
  }
  const { progress, sessions = [] } = info;
  const session = sessions.at(-1);
  const epoch = progress?.epoch ?? 0;
  const peaks = sessions.flatMap(({ peakMemory }) => (typeof peakMemory === "number" ? [peakMemory] : []));
  return {
    status: statusOf(info, epoch, last),
    epoch,
    secondsPerEpoch: secondsPerEpoch(epoch - (session?.epoch ?? 0), session?.started, progress?.updated),
    peakMemory: peaks.length > 0 ? Math.max(...peaks) : null,
    message: messageOf(info),
  };
}

function statusOf(info: RunInfo, epoch: number, last: number): TaskState["status"] {
  const { status } = info;
  if (status === "diverged" || status === "failed") return status;
  if (saysFinished(info) || epoch >= last) return "done";
  return status === "running" ? "running" : "interrupted";
}

function secondsPerEpoch(epochs: number, started: string | undefined, updated: string | undefined): number | null {
  const seconds = (Date.parse(updated ?? "") - Date.parse(started ?? "")) / 1000;
  return epochs > 0 && seconds > 0 ? seconds / epochs : null;
}

function messageOf({ status, error, nonFinite }: RunInfo): string | null {
  if (status === "failed") return error ?? null;
  if (status !== "diverged" || !nonFinite) return null;
  return `not finite in epoch ${nonFinite.epoch}${nonFinite.layer ? `, first at ${nonFinite.layer}` : ""}`;
}
