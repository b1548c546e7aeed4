import { type ProcessIdentity, processIdentity, processState } from "./process-identity";

/** Whether a process still runs; null where that cannot be told, because it runs (or ran) on another machine. */
export function isAlive(other: ProcessIdentity, own: ProcessIdentity = processIdentity()): boolean | null {
  if (other.machine !== own.machine) return null;
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    // EPERM: it is there, and another user's.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const found = processState(other.pid);
  if (found === null) return true;
  // A zombie writes no more, and a number may have been given anew.
  return found.state !== "Z" && found.state !== "X" && (other.ticks === null || found.ticks === other.ticks);
}
