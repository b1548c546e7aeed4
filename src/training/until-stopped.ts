import { setTimeout } from "node:timers/promises";
import type { Part } from "../datasets";

/** Milliseconds between two looks whether a run that waits for data is to end. */
const LOOK_EVERY = 50;

/** What is read next; null where the run was asked to end meanwhile, since data may never come. */
export async function untilStopped(next: Promise<Part | null>, shouldStop: () => boolean): Promise<Part | null> {
  const isThere = next.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([isThere, setTimeout(LOOK_EVERY, false)]))) {
    if (!shouldStop()) continue;
    next.then((part) => part?.dispose()).catch(() => undefined);
    return null;
  }
  return next;
}
