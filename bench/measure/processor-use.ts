import { readFileSync } from "node:fs";

/** Processor time in clock ticks: of all programs, and of this one with its children that have ended. */
export interface ProcessorUse {
  readonly busy: number;
  readonly idle: number;
  readonly own: number;
}

/** Processor time so far; null where the system does not tell. */
export function processorUse(): ProcessorUse | null {
  try {
    return parseProcessorUse(readFileSync("/proc/stat", "utf8"), readFileSync("/proc/self/stat", "utf8"));
  } catch {
    return null;
  }
}

/** From the texts of /proc/stat and /proc/self/stat; see proc(5). */
export function parseProcessorUse(system: string, self: string): ProcessorUse | null {
  const total = /^cpu +(.*)$/m.exec(system)?.[1]?.split(" ").map(Number);
  // After the name in parentheses, which may hold anything, the third field is next.
  const fields = self
    .slice(self.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  if (!total || total.length < 8 || fields.length < 15) return null;
  const [user = 0, nice = 0, kernel = 0, idle = 0, waiting = 0, interrupts = 0, soft = 0, stolen = 0] = total;
  const own = fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0);
  return { busy: user + nice + kernel + interrupts + soft + stolen, idle: idle + waiting, own };
}

/** Share of all processors' time, 0 to 1, that other programs took between two moments; null where it is not known. */
export function othersShare(before: ProcessorUse | null, after: ProcessorUse | null): number | null {
  if (!before || !after) return null;
  const all = after.busy + after.idle - before.busy - before.idle;
  const others = after.busy - before.busy - (after.own - before.own);
  return all > 0 ? Math.max(0, others) / all : null;
}
