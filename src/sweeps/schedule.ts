import type { SweepTask } from "./sweep-task";

/** What an estimate needs of each task. */
export interface TaskWork {
  /** Epochs that are still to be trained. */
  readonly epochs: number;
  readonly secondsPerEpoch: number;
  /** Whether it is being trained now. */
  readonly running: boolean;
}

/** For each task the epochs of the longest chain of tasks that begins with it: the longer, the sooner it should start. */
export function chainLengths(tasks: readonly SweepTask[]): Map<string, number> {
  const lengths = new Map<string, number>();
  for (const { id, from, first, last } of [...tasks].reverse()) {
    const own = last - first + 1 + (lengths.get(id) ?? 0);
    lengths.set(id, own);
    if (from) lengths.set(from.task, Math.max(lengths.get(from.task) ?? 0, own));
  }
  return lengths;
}

/**
 * How long the remaining tasks take where `slots` of them run at a time: they are scheduled as the engine does, the task
 * with the longest chain first, none before the one it starts from.
 *
 * @param work of each task that is not done, by id; a task that is left out takes no time
 * @returns seconds
 */
export function remainingSeconds(
  tasks: readonly SweepTask[],
  work: ReadonlyMap<string, TaskWork>,
  slots: number,
): number {
  const chains = chainLengths(tasks);
  const ends = new Map<string, number>();
  const free = new Array<number>(Math.max(1, slots)).fill(0);
  const waiting = tasks.filter(({ id }) => work.has(id));
  const readyAt = ({ from }: SweepTask) => (from && work.has(from.task) ? (ends.get(from.task) ?? Infinity) : 0);
  const rank = (task: SweepTask) => (work.get(task.id)?.running ? Infinity : (chains.get(task.id) ?? 0));
  waiting.sort((a, b) => rank(b) - rank(a));
  while (waiting.length > 0) {
    const slot = free.indexOf(Math.min(...free));
    const now = free[slot] ?? 0;
    // The first that could start now; where none could, the one that can start soonest.
    let chosen = waiting.findIndex((task) => readyAt(task) <= now);
    if (chosen < 0) {
      const soonest = Math.min(...waiting.map(readyAt));
      chosen = waiting.findIndex((task) => readyAt(task) === soonest);
    }
    const [task] = waiting.splice(chosen, 1);
    if (!task) break;
    const { epochs = 0, secondsPerEpoch = 0 } = work.get(task.id) ?? {};
    const end = Math.max(now, readyAt(task)) + epochs * secondsPerEpoch;
    ends.set(task.id, end);
    free[slot] = end;
  }
  return Math.max(0, ...ends.values());
}
