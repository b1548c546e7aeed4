import { threadEnvironment } from "../thread-environment";
import type { SlurmOptions } from "./slurm-options";

/** What a script is made from beside the options. */
export interface ScriptOf {
  /** The job's name. */
  readonly name: string;
  /** How many elements; null for a job that is no array. */
  readonly elements: number | null;
  /** Where Slurm writes what the job says; it holds Slurm's own placeholders. */
  readonly output: string;
  /** "afterok:12_3", or null. */
  readonly dependency: string | null;
  /** Threads of each trial. */
  readonly threads: number;
  /** The words to run. */
  readonly command: readonly string[];
}

/**
 * The batch script of a job array.
 *
 * The shell becomes the trial's own process (`exec`), so that the warning before the time limit, which goes to the batch
 * shell alone (`B:`), reaches it.
 */
export function arrayScript(of: ScriptOf, options: SlurmOptions): string {
  const { name, elements, output, dependency, threads, command } = of;
  const { partition, account, qos, constraint, gpus = 0, memory, time, throttle, exclusive, warning = 120 } = options;
  const lines: (string | null)[] = [
    `--job-name=${name}`,
    elements === null ? null : `--array=0-${elements - 1}${throttle ? `%${throttle}` : ""}`,
    `--output=${output}`,
    // A requeued job would otherwise wipe out what its first run said.
    "--open-mode=append",
    "--requeue",
    `--signal=B:USR1@${warning}`,
    `--cpus-per-task=${threads}`,
    partition ? `--partition=${partition}` : null,
    account ? `--account=${account}` : null,
    qos ? `--qos=${qos}` : null,
    constraint ? `--constraint=${constraint}` : null,
    gpus > 0 ? `--gres=gpu:${gpus}` : null,
    memory ? `--mem=${memory}` : null,
    time ? `--time=${time}` : null,
    exclusive ? "--exclusive" : null,
    dependency === null ? null : `--dependency=${dependency}`,
    // A task whose origin failed would wait for ever.
    dependency === null ? null : "--kill-on-invalid-dep=yes",
    ...(options.more ?? []),
  ];
  return [
    "#!/bin/bash",
    ...lines.filter((line) => line !== null).map((line) => `#SBATCH ${line}`),
    ...Object.entries(threadEnvironment(threads, gpus > 0)).map(([variable, value]) => `export ${variable}=${value}`),
    ...(options.setup ?? []),
    `exec ${command.map(quoted).join(" ")}`,
    "",
  ].join("\n");
}

/** A word as bash takes it. */
function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
