import { formatBytes } from "../progress/format-amounts";
import { viewLease } from "./lease";
import { killedForMemory } from "./memory-mark";
import { readProgress } from "./progress-file";

/**
 * Why a run is stale, as far as can be told: its process is gone without a word, which only SIGKILL and the machine's end
 * leave behind, and how much memory it had taken.
 *
 * @param folder of a run that says "running" and at which nobody works
 */
export async function deathWords(folder: string): Promise<string> {
  const lease = await viewLease(folder);
  const { holder = null, alive = null } = lease ?? {};
  const who = holder ? `process ${holder.pid}${alive === null ? ` on ${holder.host}` : ""}` : "its process";
  const how =
    holder && alive === null ? "has given no sign of life" : "is gone without a word, as one that SIGKILL ended";
  const { memory = null } = readProgress(folder) ?? {};
  if (memory === null) return `${who} ${how}: go on with gradamp train --resume`;
  const killed = alive === null ? null : killedForMemory();
  const since = killed !== null && memory.killed !== null ? killed - memory.killed : 0;
  const isFull = since > 0 || memory.free < 0.1 * memory.all;
  const taken = `it had taken ${formatBytes(memory.taken)} of ${formatBytes(memory.all)} (${formatBytes(memory.free)} free)`;
  const why = since > 0 ? "; the system has ended a process for want of memory since" : isFull ? "; most likely the system ended it for want of memory" : ""; // prettier-ignore
  const remedy = isFull ? "go on with gradamp train --resume where more memory is free, or begin anew with a smaller --batch-size" : "go on with gradamp train --resume"; // prettier-ignore
  return `${who} ${how}; ${taken}${why}: ${remedy}`;
}
