import { chainLengths, remainingSeconds, type TaskWork } from "./schedule";
import type { SweepPlan, SweepTask } from "./sweep-task";
import type { TaskState } from "./task-state";

/** What an engine knows of a task beside its folder. */
export interface TaskNote {
  /** "queued": an engine has it in hand. "held": another process trains it. "failed": given up. */
  readonly status: "running" | "queued" | "held" | "failed";
  readonly message?: string | null;
  /** "pid 4711", "job 12_3 on n1". */
  readonly where?: string | null;
}

/** A task's state in a sweep. */
export type TaskStatus = TaskState["status"] | "waiting" | "queued" | "held" | "blocked";

/** One row of a sweep's progress. */
export interface TaskRow {
  /** Its id. */
  readonly task: string;
  /** A trial, or epochs that several have in common. */
  readonly kind: SweepTask["kind"];
  /** How far it is. */
  readonly status: TaskStatus;
  /** Its first epoch, from 1. */
  readonly first: number;
  /** Its last epoch. */
  readonly last: number;
  /** The last epoch that is complete. */
  readonly epoch: number;
  /** Mean over its epochs so far; null before the first. */
  readonly secondsPerEpoch: number | null;
  /** Until this task's end; null where it is not known. */
  readonly etaSeconds: number | null;
  /** Why it failed or waits; null for nothing to say. */
  readonly message: string | null;
  /** The machine, card or job; null where it does not run. */
  readonly where: string | null;
}

/** Where a whole sweep stands. */
export interface SweepSnapshot {
  /** One for each task. */
  readonly rows: readonly TaskRow[];
  /** How many there are, are done and have failed. */
  readonly trials: { readonly total: number; readonly done: number; readonly failed: number; readonly running: number };
  /** How many there are and are done. */
  readonly epochs: { readonly asked: number; readonly planned: number; readonly done: number };
  /** Until the end of the whole sweep; null before any epoch's time is known. */
  readonly etaSeconds: number | null;
}

/**
 * Puts together what a plan, the run folders and an engine say.
 *
 * @param slots how many tasks run at a time
 */
export function snapshot(
  plan: SweepPlan,
  states: ReadonlyMap<string, TaskState>,
  notes: ReadonlyMap<string, TaskNote>,
  slots: number,
): SweepSnapshot {
  const statuses = statusOfTasks(plan, states, notes);
  const rates = ratesOf(plan, states);
  const rows = plan.tasks.map((task): TaskRow => {
    const state = states.get(task.id);
    const note = notes.get(task.id);
    const status = statuses.get(task.id) ?? "waiting";
    const secondsPerEpoch = state?.secondsPerEpoch ?? null;
    const epoch = Math.max(task.first - 1, state?.epoch ?? 0);
    const rate = rates(task);
    return {
      task: task.id,
      kind: task.kind,
      status,
      first: task.first,
      last: task.last,
      epoch: status === "done" ? task.last : Math.min(epoch, task.last),
      secondsPerEpoch,
      etaSeconds: status === "running" && rate !== null ? (task.last - epoch) * rate : null,
      message: note?.message ?? state?.message ?? null,
      where: note?.where ?? null,
    };
  });

  const work = new Map<string, TaskWork>();
  for (const [at, task] of plan.tasks.entries()) {
    const row = rows[at];
    if (!row || ["done", "diverged", "failed", "blocked"].includes(row.status)) continue;
    work.set(task.id, {
      epochs: task.last - row.epoch,
      secondsPerEpoch: rates(task) ?? 0,
      running: row.status === "running",
    });
  }
  const count = (...of: TaskStatus[]) =>
    plan.tasks.reduce(
      (sum, { id, serves }) => sum + (of.includes(statuses.get(id) ?? "waiting") ? serves.length : 0),
      0,
    );
  return {
    rows,
    trials: {
      total: plan.taskOf.size,
      done: count("done", "diverged"),
      failed: count("failed", "blocked"),
      running: count("running"),
    },
    epochs: { ...plan.epochs, done: rows.reduce((sum, row) => sum + row.epoch - row.first + 1, 0) },
    etaSeconds: rates(null) === null ? null : remainingSeconds(plan.tasks, work, slots),
  };
}

/** Tasks in the order in which they should start. */
export function byUrgency(tasks: readonly SweepTask[]): SweepTask[] {
  const chains = chainLengths(tasks);
  return [...tasks].sort((a, b) => (chains.get(b.id) ?? 0) - (chains.get(a.id) ?? 0));
}

/** What the folders and the engine say, and for the rest whether what it waits for can still come. */
export function statusOfTasks(
  plan: SweepPlan,
  states: ReadonlyMap<string, TaskState>,
  notes: ReadonlyMap<string, TaskNote>,
): Map<string, TaskStatus> {
  const statuses = new Map<string, TaskStatus>();
  for (const { id, from } of plan.tasks) {
    const own = states.get(id)?.status ?? "absent";
    const origin = from && statuses.get(from.task);
    const ended = own === "done" || own === "diverged";
    const stuck = origin === "failed" || origin === "blocked" || origin === "diverged";
    if (ended) statuses.set(id, own);
    else if (notes.has(id)) statuses.set(id, notes.get(id)?.status ?? "queued");
    else if (own === "absent") statuses.set(id, stuck ? (origin === "diverged" ? "diverged" : "blocked") : "waiting");
    else statuses.set(id, own);
  }
  return statuses;
}

/** Seconds an epoch takes, by network and data; where none like it was trained yet, the mean of the others. */
function ratesOf(plan: SweepPlan, states: ReadonlyMap<string, TaskState>): (task: SweepTask | null) => number | null {
  const found = new Map<string, number[]>();
  for (const task of plan.tasks) {
    const seconds = states.get(task.id)?.secondsPerEpoch ?? null;
    if (seconds === null) continue;
    found.set(kindOf(task), [...(found.get(kindOf(task)) ?? []), seconds]);
  }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const means = new Map([...found].map(([kind, values]) => [kind, mean(values)]));
  const overall = means.size > 0 ? mean([...means.values()]) : null;
  return (task) => (task ? (means.get(kindOf(task)) ?? overall) : overall);
}

const kindOf = ({ trial: { model, data, batchSize } }: SweepTask) => JSON.stringify([model, data, batchSize]);
