import { readJson } from "../../files/read-text";

/** What an element of a job array is to do, written when it is submitted. */
export interface JobTask {
  readonly id: string;
  /** The run's folder. */
  readonly folder: string;
  /** The task's last epoch. */
  readonly last: number;
  /** What trains it. */
  readonly command: readonly string[];
  /** Takes what that says. */
  readonly log: string;
}

/**
 * The task of an element of an array.
 *
 * @throws {RangeError} if the list has no such element
 */
export function readJobTask(list: string, element: number): JobTask {
  const tasks = readJson(list) as JobTask[];
  const task = tasks[element];
  if (!task) throw new RangeError(`Expected an element from 0 to ${tasks.length - 1} of ${list} but found ${element}`);
  return task;
}
