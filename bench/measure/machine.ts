import { readFileSync } from "node:fs";
import { arch, availableParallelism, cpus, platform, totalmem } from "node:os";

/** What the numbers were measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** In GiB. */
  readonly memory: number;
  readonly platform: string;
  /** Whether the processor multiplies bfloat16 itself; null where it cannot be told. */
  readonly bfloat16: boolean | null;
  readonly device: "cpu" | "gpu";
  /** Share of all processors' time that other programs took while this was measured; null where it is not known. */
  readonly othersShare: number | null;
  readonly date: string;
}

/** The machine, and today's date. */
export function machine(device: "cpu" | "gpu", othersShare: number | null): Machine {
  const { model = "unknown" } = cpus()[0] ?? {};
  return {
    cpu: model.trim(),
    cores: availableParallelism(),
    memory: Math.round(totalmem() / 2 ** 30),
    platform: `${platform()}-${arch()}`,
    bfloat16: hasBfloat16(),
    device,
    othersShare,
    date: new Date().toISOString().slice(0, 10),
  };
}

function hasBfloat16(): boolean | null {
  try {
    return /^(flags|Features)\s*:.*\b(avx512_bf16|amx_bf16|avx_ne_convert|bf16)\b/m.test(
      readFileSync("/proc/cpuinfo", "utf8"),
    );
  } catch {
    return null;
  }
}
