import { availableParallelism } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../src/files/package-root";
import { nativeBackend } from "../../src/tensorflow";
import type { NetworkDescription } from "./describe-network";
import type { EngineVariant } from "./engines";
import { MeasuringProcess } from "./measuring-process";
import type { Task } from "./task";

/** Where gradamp computes. */
export function device(): "cpu" | "gpu" {
  return nativeBackend()?.isUsingGpuDevice ? "gpu" : "cpu";
}

/** Whether there is a program to run a variant with: Python's need GRADAMP_BENCH_PYTHON. */
export function launchable({ program }: EngineVariant): boolean {
  return !program.endsWith(".py") || Boolean(process.env["GRADAMP_BENCH_PYTHON"]);
}

/**
 * A process, not started yet, that measures one variant of an engine on a network; null for Python's where no Python is
 * given. All of them get all cores.
 */
export function launch(
  variant: EngineVariant,
  network: NetworkDescription,
  extra: Partial<Pick<Task, "amplify" | "measure" | "steps" | "watch">> = {},
): MeasuringProcess | null {
  const { engine, precision, program } = variant;
  const threads = availableParallelism();
  const task: Task = {
    ...network,
    ...{ engine, precision, variant: variant.variant, threads, device: device(), amplify: null, measure: null },
    ...extra,
  };
  const label = [network.network, engine, precision, variant.variant].filter(Boolean).join(" ");
  const environment = { OMP_NUM_THREADS: String(threads), TF_NUM_INTRAOP_THREADS: String(threads) };
  if (!launchable(variant)) return null;
  const command = program.endsWith(".py")
    ? [process.env["GRADAMP_BENCH_PYTHON"]!, join(packageRoot(), "bench", program)]
    : [process.execPath, join(__dirname, "..", program)];
  return new MeasuringProcess(label, command, task, environment);
}
