import { join } from "node:path";

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
    gpus === 0 ? null : `--gres=gpu:${gpus}`,
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
    ...lines.filter((line) => line !== null).map((line) => `#SBATCH ${directive(line)}`),
    ...Object.entries(threadEnvironment(threads, gpus !== 0)).map(([variable, value]) => `export ${variable}=${value}`),
    ...(options.setup ?? []),
    `exec ${command.map(quoted).join(" ")}`,
    "",
  ].join("\n");
}

/**
 * A word as sbatch reads it in a script: quotes hold blanks together, `\\` takes the next character as it is.
 *
 * @throws {RangeError} for a line break, which would begin a line of the script
 */
function directive(word: string): string {
  if (/[\n\r\0]/.test(word))
    throw new RangeError(`Expected an option of sbatch on one line but found ${JSON.stringify(word)}`);
  if (!/[\s"'\\#]/.test(word)) return word;
  // The value alone, so that who looks for an option finds it.
  const [, name = "", value = word] = /^(--[\w-]+=)(.*)$/.exec(word) ?? [];
  return `${name}"${value.replaceAll(/["\\]/g, "\\$&")}"`;
}

/**
 * Where Slurm writes what a job says.
 *
 * @param file holds Slurm's placeholders, as %j; in the folder a percent sign is one
 * @throws {RangeError} if the folder has a backslash in its name, which switches placeholders off
 */
export function outputPattern(folder: string, file: string): string {
  if (folder.includes("\\"))
    throw new RangeError(
      `Expected a folder without a backslash, which Slurm's file names cannot have, but found ${folder}`,
    );
  return join(folder.replaceAll("%", "%%"), file);
}

/** A word as bash takes it. */
function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
