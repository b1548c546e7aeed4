import type { Run } from "../training";

/** Runs that a dashboard shows, so that nobody else need tell how they get on. */
const watched = new WeakSet<Run>();

export function noteWatched(run: Run): void {
  watched.add(run);
}

export function isWatched(run: Run): boolean {
  return watched.has(run);
}
