import { readJson } from "../../files/read-text";
import { checkVersion, VERSION } from "../../spec";

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

/** What the list's file holds; before version 2 the tasks alone. */
export interface JobList {
  readonly version: number;
  readonly tasks: readonly JobTask[];
}

/** A list as it is written. */
export const jobList = (tasks: readonly JobTask[]): JobList => ({ version: VERSION, tasks });

/**
 * The task of an element of an array.
 *
 * @throws {RangeError} if the list has no such element, or is of a newer gradamp
 */
export function readJobTask(list: string, element: number): JobTask {
  const found = readJson(list) as JobList | readonly JobTask[];
  checkVersion(found, list);
  const tasks = "tasks" in found ? found.tasks : found;
  const task = tasks[element];
  if (!task) throw new RangeError(`Expected an element from 0 to ${tasks.length - 1} of ${list} but found ${element}`);
  return task;
}
