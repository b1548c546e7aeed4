import { basename } from "node:path";

import type { SlurmOptions, Sweep, SweepOutcome } from "../../sweeps";
import { noteFailure } from "../failure";
import type { EngineFlags } from "./engine-flags";
import { SweepDisplay } from "./sweep-display";
import { EXIT } from "../../spec/exit-codes";

/** How a sweep ended for the command line. */
export interface SweepEnd {
  /** 0 all trials done, 1 some failed, 130 interrupted. */
  readonly code: number;
}

/**
 * Checks what the flags say of the engine, before anything is written.
 *
 * @throws {RangeError} if sbatch cannot be told an option, or this machine lacks a card
 */
export async function checkEngine(flags: EngineFlags): Promise<void> {
  if (flags.engine === "slurm") {
    const { checkSlurmOptions } = await import("../../sweeps/slurm/slurm-options.js");
    checkSlurmOptions(slurmOptions(flags));
    return;
  }
  const { checkGpus } = await import("../../sweeps/local/machine-resources.js");
  checkGpus(gpusOf(flags));
  if (flags.memory !== undefined) bytesOf(flags.memory);
}

const gpusOf = ({ gpus }: EngineFlags) => (gpus === undefined ? [] : gpus.split(",").map((name) => name.trim()));

/** Runs a sweep on the engine that the flags name, with its progress on stderr; or shows what it would do. */
export async function runSweep(sweep: Sweep, flags: EngineFlags): Promise<SweepEnd> {
  if (flags.dryRun) return dryRun(sweep, flags);
  if (flags.cancel) return cancel(sweep);
  const display = new SweepDisplay(basename(sweep.folder));
  const controller = new AbortController();
  let asked = 0;
  const stop = () => {
    asked++;
    if (asked === 1) display.say(flags.engine === "slurm" ? "Jobs go on; the same command follows them again" : "Saving what is being trained; once more to kill it"); // prettier-ignore
    if (asked > 1 && flags.engine === "local") killChildren();
    controller.abort();
  };
  let killChildren = () => {};
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    const outcome =
      flags.engine === "slurm"
        ? await onSlurm(sweep, flags, display, controller.signal)
        : await locally(sweep, flags, display, controller.signal, (kill) => (killChildren = kill));
    display.end(outcome.state);
    if (outcome.interrupted) {
      noteFailure("Interrupted", "The same command goes on where it stopped");
      return { code: EXIT.interrupted };
    }
    return { code: outcome.state.trials.failed > 0 ? 1 : 0 };
  } catch (error) {
    if (asked === 0) throw error;
    display.say(`gradamp: ${(error as Error).message}`);
    return { code: EXIT.interrupted };
  } finally {
    display.clear();
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}

async function locally(
  sweep: Sweep,
  flags: EngineFlags,
  display: SweepDisplay,
  signal: AbortSignal,
  onKill: (kill: () => void) => void,
): Promise<SweepOutcome> {
  const { runLocally } = await import("../../sweeps/local/run-locally.js");
  const { thisMachine } = await import("../../sweeps/local/machine-resources.js");
  const { withLock } = await import("../../files/with-lock.js");
  const killer = new AbortController();
  onKill(() => killer.abort());
  // Longer than it takes until a killed process's lock has lapsed.
  return withLock(
    sweep.folder,
    {
      name: "sweep.lock",
      patience: 12_000,
      onTakeover: () => display.say("Took the sweep over from a process that has died"),
    },
    () =>
      runLocally(sweep, {
        jobs: flags.jobs ?? null,
        machine: thisMachine(gpusOf(flags)),
        ...(flags.memory === undefined ? {} : { memory: bytesOf(flags.memory) }),
        signal,
        kill: killer.signal,
        onProgress: (state) => display.update(state),
      }),
  );
}

async function onSlurm(
  sweep: Sweep,
  flags: EngineFlags,
  display: SweepDisplay,
  signal: AbortSignal,
): Promise<SweepOutcome> {
  const { runOnSlurm } = await import("../../sweeps/slurm/run-on-slurm.js");
  return runOnSlurm(sweep, {
    slurm: slurmOptions(flags),
    signal,
    onProgress: (state) => display.update(state),
    onWarning: (text) => display.say(text),
  });
}

async function dryRun(sweep: Sweep, flags: EngineFlags): Promise<SweepEnd> {
  const { tasks, epochs, taskOf } = sweep.plan();
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  if (flags.engine === "slurm") {
    const { slurmScripts } = await import("../../sweeps/slurm/run-on-slurm.js");
    const scripts = slurmScripts(sweep, { slurm: slurmOptions(flags) });
    if (flags.json) say(JSON.stringify({ folder: sweep.folder, epochs, tasks: summary(sweep), scripts }, null, 2));
    else for (const { path, text, tasks: of } of scripts) say(`# ${path}\n${of.map((id, at) => `#   ${at}: ${id}`).join("\n")}\n${text}`); // prettier-ignore
    return { code: 0 };
  }
  if (flags.json) say(JSON.stringify({ folder: sweep.folder, epochs, tasks: summary(sweep) }, null, 2));
  else
    for (const { id, from, first, last, tentative, serves } of tasks) {
      const origin = from === null ? "" : `, from ${from.task}`;
      const more =
        serves.length > 1 ? `, for ${serves.length} trials` : tentative ? ", unless it is the same as another" : "";
      say(`${id}: epochs ${first}–${last}${origin}${more}`);
    }
  process.stderr.write(
    `${taskOf.size} trials in ${tasks.length} processes: ${epochs.planned.toLocaleString("en-US")} epochs instead of ${epochs.asked.toLocaleString("en-US")}\n`,
  );
  return { code: 0 };
}

function summary(sweep: Sweep): object[] {
  return sweep.plan().tasks.map((task) => {
    const { id, kind, from, first, last, serves, tentative } = task;
    return { id, kind, folder: task.folder, from, first, last, serves, tentative, status: sweep.state(task).status };
  });
}

async function cancel(sweep: Sweep): Promise<SweepEnd> {
  const { aliveJobs } = await import("../../sweeps/slurm/run-on-slurm.js");
  const { scancel } = await import("../../sweeps/slurm/slurm-commands.js");
  const jobs = await aliveJobs(sweep);
  await scancel(jobs);
  process.stdout.write(`Cancelled ${jobs.length} jobs\n`);
  return { code: 0 };
}

function slurmOptions(flags: EngineFlags): SlurmOptions {
  const { partition, account, qos, constraint, time, throttle, memory, exclusive, warning, gpus, setup, sbatch } =
    flags;
  return {
    partition: partition ?? null,
    account: account ?? null,
    qos: qos ?? null,
    constraint: constraint ?? null,
    time: time ?? null,
    throttle: throttle ?? null,
    memory: memory ?? null,
    exclusive: exclusive ?? false,
    ...(warning === undefined ? {} : { warning }),
    gpus: gpus === undefined ? 0 : /^\d+$/.test(gpus) ? Number(gpus) : gpus,
    setup: setup ?? [],
    more: sbatch ?? [],
  };
}

/** "2G", "800M" → bytes. */
function bytesOf(text: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)([KMGT]?)B?$/i.exec(text.trim()) ?? [];
  if (number === undefined) throw new RangeError(`Expected --memory like 800M or 2G but found ${text}`);
  return Number(number) * 1024 ** ["", "K", "M", "G", "T"].indexOf(unit.toUpperCase());
}
