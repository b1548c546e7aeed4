import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/** What a machine has for trials. */
export interface MachineResources {
  /** Processor cores that this process may use. */
  readonly cores: number;
  /** Bytes that can still be taken; asked again before every start. */
  readonly availableMemory: () => number;
  /** The GPUs that trials may have, as CUDA_VISIBLE_DEVICES names them; none where they train on the CPU. */
  readonly gpus: readonly string[];
}

/**
 * This machine; within a container or a job what that may use.
 *
 * @param gpus those that trials may have, as CUDA_VISIBLE_DEVICES names them. Default: none
 */
export function thisMachine(gpus: readonly string[] = []): MachineResources {
  return { cores: availableParallelism(), availableMemory: () => process.availableMemory(), gpus };
}

/**
 * Checks that this machine has the GPUs that trials shall be trained on.
 *
 * @param cards the machine's, by index and by name; asked of nvidia-smi
 * @throws {RangeError} if one is not there or named twice: TensorFlow would train on the CPU without a word
 */
export function checkGpus(gpus: readonly string[], cards: () => { index: string; uuid: string }[] = listCards): void {
  if (gpus.length === 0) return;
  const there = cards();
  const remedy = there.length === 0 ? "no NVIDIA card (nvidia-smi lists none): leave it out to train on the processor" : `cards ${there.map(({ index }) => index).join(", ")}`; // prettier-ignore
  for (const [at, gpu] of gpus.entries()) {
    const known = there.some(({ index, uuid }) => gpu === index || (/^(GPU|MIG)-./.test(gpu) && uuid.startsWith(gpu)));
    // nvidia-smi lists no slices of a card.
    const slice = gpu.startsWith("MIG-") && there.length > 0;
    if (!known && !slice)
      throw new RangeError(
        `Expected GPUs of this machine, as 0,1, but found ${JSON.stringify(gpu)}, and here are ${remedy}`,
      );
    if (gpus.indexOf(gpu) !== at) throw new RangeError(`Expected each GPU once but found ${gpu} twice`);
  }
}

function listCards(): { index: string; uuid: string }[] {
  const words = ["--query-gpu=index,uuid", "--format=csv,noheader"];
  const { stdout, status } = spawnSync("nvidia-smi", words, { encoding: "utf8", timeout: 10_000 });
  if (status !== 0) return [];
  return stdout
    .trim()
    .split("\n")
    .map((line) => line.split(",").map((word) => word.trim()))
    .flatMap(([index, uuid]) => (index && uuid ? [{ index, uuid }] : []));
}

/** Memory that is left to the rest of the machine. */
const RESERVE = 512 * 2 ** 20;

/**
 * Whether another trial fits into memory beside those that run, which may still grow to what a trial takes.
 *
 * @param running bytes that each running trial has taken so far
 * @param each bytes that a trial takes at its most
 */
export function fitsMemory(available: number, running: readonly number[], each: number): boolean {
  const growth = running.reduce((sum, taken) => sum + Math.max(0, each - taken), 0);
  return running.length === 0 || available - growth - each >= RESERVE;
}

/** How many trials run at a time, by cores or GPUs alone. */
export function slotsOf(resources: MachineResources, options: { jobs: number | null; threads: number }): number {
  const fitting =
    resources.gpus.length > 0 ? resources.gpus.length : Math.max(1, Math.floor(resources.cores / options.threads));
  return Math.max(1, Math.min(fitting, options.jobs ?? Infinity));
}

/** The most memory that a process has taken, in bytes; null where the system does not tell. */
export function peakMemoryOf(pid: number): number | null {
  try {
    const found = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return found ? Number(found[1]) * 1024 : null;
  } catch {
    return null;
  }
}
