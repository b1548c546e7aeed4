import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";

import { packageRoot } from "../../files/package-root";
import { isDeterministic, nativeBackend, tf } from "../../tensorflow";

/** What a run ran on, for its record. */
export interface Environment {
  readonly versions: { gradamp: string; node: string; tfjs: string; tensorflow: string | null };
  readonly device: { type: "CPU" | "GPU"; name: string; threads: number };
  /** Whether the same run on the same machine gives the same bits; see {@link isDeterministic}. */
  readonly deterministic: boolean;
  /** Of the working directory; null outside of a repository. */
  readonly git: { commit: string; changed: boolean } | null;
}

/** This process's environment. */
export function environment(): Environment {
  const backend = nativeBackend();
  const gpu = backend?.isUsingGpuDevice ?? false;
  const own = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string };
  return {
    versions: {
      gradamp: own.version,
      node: process.versions.node,
      tfjs: tf.version.tfjs,
      tensorflow: backend?.binding.TF_Version ?? null,
    },
    device: {
      type: gpu ? "GPU" : "CPU",
      name: (gpu ? gpuName() : cpus()[0]?.model.trim()) ?? "unknown",
      threads: threads(),
    },
    deterministic: isDeterministic(),
    git: gitState(),
  };
}

/** Threads that TensorFlow computes an operation with; sums depend on their number in the last digits. */
export function threads(): number {
  const given = Number(process.env["TF_NUM_INTRAOP_THREADS"]);
  return Number.isInteger(given) && given > 0 ? given : availableParallelism();
}

function gpuName(): string | undefined {
  const { stdout } = spawnSync("nvidia-smi", ["--query-gpu=name", "--format=csv,noheader"], {
    encoding: "utf8",
    timeout: 10_000,
  });
  return stdout?.split("\n")[0]?.trim() || undefined;
}

function gitState(): Environment["git"] {
  const git = (...words: string[]) => {
    const { status, stdout } = spawnSync("git", words, { encoding: "utf8", timeout: 10_000 });
    return status === 0 ? stdout.trim() : null;
  };
  const commit = git("rev-parse", "HEAD");
  return commit === null ? null : { commit, changed: git("status", "--porcelain", "--untracked-files=no") !== "" };
}
