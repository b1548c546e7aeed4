import type { SweepTask } from "../sweep-task";

/** Tasks that are submitted together, as the elements of one job array. */
export interface SlurmArray {
  /** Element → task, by place. */
  readonly tasks: readonly SweepTask[];
  /** What all of them start from, where that is not done: an element of an earlier array, or a job of an earlier call. */
  readonly after: { readonly array: number; readonly element: number } | { readonly job: string } | null;
}

/**
 * Puts tasks into job arrays: one for all that can start, one for those that start from the same unfinished task, each of
 * at most `size` elements.
 *
 * @param tasks what is to be submitted, in the plan's order
 * @param jobs the jobs of tasks that were submitted before and are not done
 */
export function slurmArrays(
  tasks: readonly SweepTask[],
  jobs: ReadonlyMap<string, string>,
  size: number,
): SlurmArray[] {
  const arrays: { tasks: SweepTask[]; after: SlurmArray["after"] }[] = [];
  const open = new Map<string, number>();
  const places = new Map<string, { array: number; element: number }>();
  for (const task of tasks) {
    const origin = task.from?.task ?? "";
    const job = jobs.get(origin);
    const after = places.get(origin) ?? (job === undefined ? null : { job });
    const key = after === null ? "" : origin;
    let array = open.get(key);
    if (array === undefined || (arrays[array]?.tasks.length ?? 0) >= size) {
      array = arrays.push({ tasks: [], after }) - 1;
      open.set(key, array);
    }
    places.set(task.id, { array, element: (arrays[array]?.tasks.push(task) ?? 0) - 1 });
  }
  return arrays;
}
