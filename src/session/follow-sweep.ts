import type { SweepSnapshot, TaskRow } from "../sweeps";
import { duration } from "../progress/duration";
import { progressHere } from "./progress-here";

/** One line for a whole sweep: trials, epochs, what runs, what failed, the time that is left. */
export function sweepLine(name: string, { trials, epochs, rows, etaSeconds }: SweepSnapshot): string {
  const count = (status: TaskRow["status"]) => rows.filter((row) => row.status === status).length;
  const words = [
    `${trials.done} of ${trials.total} trials`,
    `${epochs.planned > 0 ? Math.floor((100 * epochs.done) / epochs.planned) : 100} % of ${epochs.planned.toLocaleString("en-US")} epochs`,
    ...(["running", "queued", "held"] as const).map((status) =>
      count(status) > 0 ? `${count(status)} ${status}` : "",
    ),
    trials.failed > 0 ? `${trials.failed} failed` : "",
    etaSeconds !== null && etaSeconds > 0 ? `${duration(etaSeconds)} left` : "",
  ];
  return `${name}: ${words.filter((word) => word !== "").join(", ")}`;
}

/** What is to be said of trials that have failed since the last call with this set. */
export function newFailures({ rows }: SweepSnapshot, told: Set<string>): string[] {
  const failed = rows.filter(({ status, task }) => status === "failed" && !told.has(task));
  for (const { task } of failed) told.add(task);
  return failed.map(({ task, message }) => `${task} failed: ${message ?? "no reason known"}`);
}

/** What shows a sweep's progress. */
export interface SweepFollower {
  /** For `onProgress`. */
  update(state: SweepSnapshot): void;
  /** The last word. */
  end(state: SweepSnapshot): void;
}

/**
 * Shows how a sweep gets on, as one line in the running cell of a notebook or on standard error, and what failed.
 */
export function followSweep(name: string): SweepFollower {
  const writer = progressHere();
  const told = new Set<string>();
  const tell = (state: SweepSnapshot) => {
    for (const line of newFailures(state, told)) writer.say(line);
  };
  return {
    update(state) {
      tell(state);
      if (writer.isDue()) writer.draw([sweepLine(name, state)]);
    },
    end(state) {
      tell(state);
      writer.end(sweepLine(name, state));
    },
  };
}
