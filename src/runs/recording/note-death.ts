import { existsSync } from "node:fs";
import { join } from "node:path";

import { Lease } from "../lease";
import { readRunInfo } from "../read-run-info";
import { runInfoFile } from "../run-info";
import { writeRunInfo } from "../write-run-info";

/**
 * Writes down why a run's process has died, for it could not do so itself: its run.json would say that it is running.
 *
 * Nothing is done where the run is in another process's hands, or has ended otherwise.
 *
 * @param peakMemory bytes that the process had taken; null where that is not known
 */
export async function noteDeath(folder: string, error: string, peakMemory: number | null): Promise<void> {
  if (!existsSync(join(folder, runInfoFile))) return;
  const lease = await Lease.take(folder);
  try {
    const info = readRunInfo(folder);
    if (info.status !== "running") return;
    const [last, ...before] = [...(info.sessions ?? [])].reverse();
    const ended = last && { ...last, ended: new Date().toISOString(), peakMemory };
    writeRunInfo(folder, {
      ...info,
      status: "failed",
      error,
      sessions: [...before.reverse(), ...(ended ? [ended] : [])],
    });
  } finally {
    lease.release();
  }
}
