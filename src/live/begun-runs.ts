import type { Run } from "../training";

/** What `ga.train` has begun, by the promise that it gave. */
const begun = new WeakMap<Promise<unknown>, Promise<Run>>();

/** Says which run a promise is the end of. */
export function noteBegun(end: Promise<unknown>, run: Promise<Run>): void {
  begun.set(end, run);
}

/** The run that a promise is the end of; undefined where it is another promise. */
export function begunRun(end: Promise<unknown>): Promise<Run> | undefined {
  return begun.get(end);
}
