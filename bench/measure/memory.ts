import { readFileSync, writeFileSync } from "node:fs";

/** Bytes that a process holds, and the most that it has held; null where the system does not tell. */
export function processMemory(pid: number): { held: number; peak: number } | null {
  const status = read(`/proc/${pid}/status`);
  const [held, peak] = [kilobytes(status, "VmRSS"), kilobytes(status, "VmHWM")];
  return held === null || peak === null ? null : { held, peak };
}

/** Bytes that processes may still take before the machine swaps or kills; null where the system does not tell. */
export function availableMemory(): number | null {
  return kilobytes(read("/proc/meminfo"), "MemAvailable");
}

/** Asks the kernel to kill this process before all others where memory runs out. */
export function killFirst(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, "1000");
  } catch {
    // Only Linux has this, and a process may be gone by now.
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function kilobytes(text: string, name: string): number | null {
  const found = new RegExp(`^${name}:\\s*(\\d+) kB`, "m").exec(text);
  return found ? 1024 * Number(found[1]) : null;
}
