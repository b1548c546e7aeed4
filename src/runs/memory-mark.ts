import { readFileSync } from "node:fs";
import { availableMemory, constrainedMemory, resourceUsage } from "node:process";
import { totalmem } from "node:os";

/** How much memory a process had taken when it last said so, for who wonders why it is gone. */
export interface MemoryMark {
  /** The most bytes that it had taken at a time. */
  readonly taken: number;
  /** Bytes that were free. */
  readonly free: number;
  /** Bytes that there are: the machine's, or what a container may take. */
  readonly all: number;
  /** How many processes the system had ended for want of memory; null where it does not say. */
  readonly killed: number | null;
}

/** What this process has taken until now. */
export function memoryMark(): MemoryMark {
  const limit = constrainedMemory();
  // Without a limit the kernel says a number beyond all memory, or 0.
  const all = limit > 0 && limit < totalmem() ? limit : totalmem();
  return { taken: 1024 * resourceUsage().maxRSS, free: availableMemory(), all, killed: killedForMemory() };
}

/** How many processes Linux has ended for want of memory, here and in this container; null on other systems. */
export function killedForMemory(): number | null {
  let known: number | null = null;
  for (const file of ["/sys/fs/cgroup/memory.events", "/proc/vmstat"]) {
    try {
      const [, count] = /^oom_kill (\d+)$/m.exec(readFileSync(file, "utf8")) ?? [];
      if (count !== undefined) known = (known ?? 0) + Number(count);
    } catch {
      // Not on this system.
    }
  }
  return known;
}
