import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import type { Device } from "./report";

export interface DeviceUse {
  /** Whether TensorFlow computes on a GPU. */
  readonly gpu: boolean;
  /** The GPU exposed to it: index or UUID. */
  readonly exposed: string | null;
}

/** The machine's processor and its NVIDIA cards, with their memory as far as it is known. */
export function findDevices(use: DeviceUse): Device[] {
  const processors = cpus();
  const cpu: Device = {
    type: "CPU",
    name: processors[0]?.model.trim() || "unknown processor",
    memory: memoryLimit(),
    cores: processors.length,
    used: !use.gpu,
  };
  return [cpu, ...findGpus(use)];
}

/** RAM, or the smaller limit that a container sets (cgroup 2). */
function memoryLimit(): number {
  try {
    const limit = Number(readFileSync("/sys/fs/cgroup/memory.max", "utf8"));
    if (limit > 0) return Math.min(limit, totalmem());
  } catch {
    // No such limit.
  }
  return totalmem();
}

function findGpus(use: DeviceUse): Device[] {
  const { stdout } = spawnSync(
    "nvidia-smi",
    ["--query-gpu=index,uuid,name,memory.total", "--format=csv,noheader,nounits"],
    {
      encoding: "utf8",
      timeout: 20_000,
    },
  );
  const listed = parseNvidiaSmi(stdout ?? "", use);
  return listed.length > 0 ? listed : gpusOfDriver(use);
}

/** Reads `index, uuid, name, MiB` lines. */
export function parseNvidiaSmi(text: string, use: DeviceUse): Device[] {
  return text
    .split("\n")
    .map((line) => line.split(",").map((word) => word.trim()))
    .filter((words) => words.length >= 4 && /^\d+$/.test(words[0] as string))
    .map(([index, uuid, name, mebibytes]) => ({
      type: "GPU" as const,
      name: name as string,
      memory: Number.isFinite(Number(mebibytes)) ? Number(mebibytes) * 2 ** 20 : null,
      cores: null,
      used: use.gpu && (use.exposed === null || use.exposed === index || use.exposed === uuid),
    }));
}

/** Without nvidia-smi: the driver's own list, which does not tell the memory. */
function gpusOfDriver(use: DeviceUse): Device[] {
  const folder = "/proc/driver/nvidia/gpus";
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((card) => ({
    type: "GPU" as const,
    name: /^Model:\s*(.+)$/m.exec(readFileSync(join(folder, card, "information"), "utf8"))?.[1] ?? "NVIDIA card",
    memory: null,
    cores: null,
    used: use.gpu,
  }));
}
