import {
  abortSignal,
  above0,
  aFunction,
  anObject,
  checkArgument,
  checkOptions,
  type KindsOf,
  orNull,
  texts,
} from "../../options";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { makeFolder } from "../../files/make-folder";
import { writeFileAtomically } from "../../files/write-file-atomically";
import type { SweepOutcome } from "../local/run-locally";
import { ownCommands } from "../own-commands";
import { snapshot, type SweepSnapshot, statusOfTasks, type TaskNote } from "../snapshot";
import type { Sweep } from "../sweep";
import { withLock } from "../../files/with-lock";
import type { SweepPlan, SweepTask } from "../sweep-task";
import type { TaskState } from "../task-state";
import { arrayScript, outputPattern } from "./array-script";
import { type JobRecords, readJobRecords, writeJobRecords } from "./job-records";
import { jobList, type JobTask } from "./job-list";
import { type SlurmArray, slurmArrays } from "./slurm-arrays";
import { SlurmError } from "./slurm-error";
import { isAlive, maxArraySize, sacct, sbatch, scontrolShow, type SlurmJob, squeue } from "./slurm-commands";
import { checkSlurmOptions, type SlurmOptions } from "./slurm-options";

/** How a sweep is trained on Slurm. */
export interface OnSlurmOptions {
  /** What trains a trial, before the words of `Sweep.words`. Default: this installation's `gradamp train`. */
  command?: readonly string[];
  /** What a job runs, before its list's path. Default: this installation's `gradamp sweep-job`. */
  job?: readonly string[];
  /**
   * What goes on with the sweep in a job of its own where an analysis decides what comes next, before the sweep's
   * folder; null where compute nodes must not submit jobs. Default: this installation's `gradamp sweep-advance`.
   */
  followUp?: readonly string[] | null;
  /** How trials are submitted. Default: as the sweep was before, or `{}`. */
  slurm?: SlurmOptions;
  /** Ends the following; jobs stay in the queue. */
  signal?: AbortSignal;
  /** Told at every look. */
  onProgress?: (state: SweepSnapshot) => void;
  /** Told what went wrong without ending the sweep. */
  onWarning?: (text: string) => void;
  /** Milliseconds between two looks. Default: 10,000. */
  interval?: number;
  /** Milliseconds for which Slurm may be away before the following ends. Default: an hour. */
  patience?: number;
}

/** What each of these may be. */
const KINDS: KindsOf<OnSlurmOptions> = {
  command: texts,
  job: texts,
  followUp: orNull(texts),
  slurm: anObject,
  signal: abortSignal,
  onProgress: aFunction,
  onWarning: aFunction,
  interval: above0,
  patience: above0,
};

/** A script that was, or would be, handed to sbatch. */
export interface SlurmScript {
  /** Where it is written. */
  readonly path: string;
  /** The script. */
  readonly text: string;
  /** The tasks' ids, by element. */
  readonly tasks: readonly string[];
}

/**
 * Runs a sweep's tasks as Slurm job arrays: submits all that can be planned, with dependencies for what starts from
 * something that is not done, and follows until all has ended.
 *
 * Jobs come back by themselves after their time limit, preemption and node failures; one that fails otherwise is
 * submitted again once. A job that somebody cancelled is not, until the sweep is called again. The run folders are
 * the truth; `slurm.json` only remembers which jobs there are.
 *
 * Where Slurm is away or its queue full, it is asked again; a refusal that is final (a partition, an account, a time
 * limit) ends the sweep with sbatch's words, and jobs that were submitted before go on.
 *
 * @param sweep the trials and their folder, on a file system that all nodes share
 * @param options how trials are submitted, and who is told
 * @throws {Error} if Slurm's commands are not there or refuse for good
 * @throws {RangeError} if an option cannot be told to sbatch, before anything is written
 * @example
 * import { mkdtempSync } from "node:fs";
 * import * as ga from "gradamp";
 * import * as advanced from "gradamp/advanced";
 *
 * const sweep = new ga.Sweep(mkdtempSync("/tmp/sweep-"), { trials: ga.reproductionTrials("iga") });
 * const slurm = { partition: "gpu", gpus: 1, time: "04:00:00", throttle: 8 };
 * const start = () => advanced.runOnSlurm(sweep, { slurm });
 * console.log(advanced.slurmScripts(sweep, { slurm }).length, typeof start);
 */
export async function runOnSlurm(sweep: Sweep, options: OnSlurmOptions = {}): Promise<SweepOutcome> {
  checkOptions("runOnSlurm", options, KINDS);
  checkSlurmOptions(options.slurm ?? {});
  checkArgument(sweep, "a sweep, as of new ga.Sweep,", "folder");
  const { interval = 10_000, patience = 3_600_000, signal, onProgress, onWarning } = options;
  const engine = new SlurmEngine(sweep, options);
  await engine.begin();
  let failingSince: number | null = null;
  let told: string | null = null;
  for (;;) {
    try {
      const state = await engine.look();
      failingSince = told = null;
      onProgress?.(state);
      const waiting = state.rows.some(({ status }) => ["waiting", "queued", "running", "interrupted", "absent"].includes(status)); // prettier-ignore
      if (!waiting || signal?.aborted) return { state, interrupted: waiting };
    } catch (error) {
      const { message } = error as Error;
      failingSince ??= Date.now();
      if (signal?.aborted || !(error instanceof SlurmError && error.mayPass)) throw error;
      if (Date.now() - failingSince >= patience)
        throw new Error(`${message}: for ${Math.round(patience / 60_000)} minutes now; the same command goes on`, {
          cause: error,
        });
      // Said once, not at every look.
      if (told !== message) onWarning?.(`${message}: trying again every ${interval / 1000} s`);
      told = message;
    }
    await sleep(interval, undefined, signal ? { signal } : {}).catch(() => {});
  }
}

/** One look at a sweep that is on Slurm: submits what can be submitted now, and returns. */
export async function advanceOnSlurm(sweep: Sweep, options: OnSlurmOptions = {}): Promise<SweepSnapshot> {
  return new SlurmEngine(sweep, options).look();
}

/**
 * The scripts that `runOnSlurm` would submit now, dependencies named by the array that they wait for.
 *
 * @param sweep the trials and their folder
 * @param options how trials are submitted
 * @throws {RangeError} if sbatch cannot take an option
 */
export function slurmScripts(sweep: Sweep, options: Pick<OnSlurmOptions, "job" | "slurm"> = {}): SlurmScript[] {
  checkOptions("slurmScripts", options, { job: KINDS.job, slurm: KINDS.slurm });
  checkSlurmOptions(options.slurm ?? {});
  checkArgument(sweep, "a sweep, as of new ga.Sweep,", "folder");
  const plan = sweep.plan();
  const tasks = plan.tasks.filter((task) => !task.tentative && sweep.state(task).status !== "done");
  return slurmArrays(tasks, new Map(), 1000).map((array, at) => {
    const { after } = array;
    const dependency = after && "array" in after ? `afterok:<job of array ${after.array}>_${after.element}` : null;
    const path = join(sweep.folder, "slurm", arrayName(at));
    return {
      path: `${path}.sh`,
      text: scriptOf(sweep, options, array, { at, dependency }),
      tasks: array.tasks.map(({ id }) => id),
    };
  });
}

const arrayName = (at: number) => `array-${String(at).padStart(4, "0")}`;

function scriptOf(
  sweep: Sweep,
  { job = ownCommands().job, slurm = {} }: Pick<OnSlurmOptions, "job" | "slurm">,
  { tasks }: SlurmArray,
  { at, dependency }: { at: number; dependency: string | null },
): string {
  return arrayScript(
    {
      name: `${basename(sweep.folder)}-${at}`,
      elements: tasks.length,
      output: outputPattern(join(sweep.folder, "logs"), "slurm-%A_%a.out"),
      dependency,
      threads: sweep.threads,
      command: [...job, join(sweep.folder, "slurm", `${arrayName(at)}.json`)],
    },
    slurm,
  );
}

class SlurmEngine {
  readonly #givenUp = new Map<string, TaskNote>();
  /** Since when a task's job has been seen to have ended without its run being done. */
  readonly #endedSince = new Map<string, number>();
  readonly #unread = new Set<string>();
  #arraySize: number | null = null;
  #mostRunning = 1;

  constructor(
    readonly sweep: Sweep,
    readonly options: OnSlurmOptions,
  ) {
    checkSlurmOptions(options.slurm ?? {});
    makeFolder(join(sweep.folder, "slurm"));
  }

  /** Forgives failures of an earlier call. */
  async begin(): Promise<void> {
    this.sweep.forgetFailures();
    await this.#locked(async (records) => {
      records.options = this.options.slurm ?? records.options;
      for (const entry of Object.values(records.jobs)) entry.failures = 0;
    });
  }

  async look(): Promise<SweepSnapshot> {
    return this.#locked((records) => this.#advance(records));
  }

  async #locked<T>(work: (records: JobRecords) => Promise<T>): Promise<T> {
    const { folder } = this.sweep;
    const { signal, onWarning } = this.options;
    // Whoever has been told to end looks a last time, and says how things stand; only waiting is broken off.
    const waiting = signal?.aborted ? undefined : signal;
    const onWait = () => onWarning?.(`Another process works on ${folder}: waiting for it`);
    const onTakeover = () => onWarning?.(`Took ${folder} over from a process that has died`);
    // Others hold it for seconds, but for a sweep on this machine.
    return withLock(folder, { name: "sweep.lock", patience: 60_000, signal: waiting, onWait, onTakeover }, async () => {
      const records = readJobRecords(folder) ?? {
        options: this.options.slurm ?? {},
        jobs: {},
        followUps: {},
        arrays: 0,
      };
      try {
        return await work(records);
      } finally {
        writeJobRecords(folder, records);
      }
    });
  }

  async #advance(records: JobRecords): Promise<SweepSnapshot> {
    // The queue first: what has ended in it has written its folder by the time that is read.
    const queue = await squeue();
    const plan = this.sweep.plan();
    const states = new Map(plan.tasks.map((task) => [task.id, this.sweep.state(task)]));
    this.#refuseUnreadable(records, plan, states, queue);
    await this.#judgeEnded(records, plan, states, queue);
    await this.#submit(records, plan, states, queue);
    const notes = this.#notes(records, states, queue);
    const running = [...notes.values()].filter(({ status }) => status === "running").length;
    this.#mostRunning = Math.max(this.#mostRunning, running);
    return snapshot(plan, states, notes, this.#mostRunning);
  }

  /** Tasks whose trials wait for an analysis that has ended are looked at again once before they are given up. */
  #refuseUnreadable(
    records: JobRecords,
    plan: SweepPlan,
    states: ReadonlyMap<string, TaskState>,
    queue: ReadonlyMap<string, SlurmJob>,
  ): void {
    for (const { id, from, tentative } of plan.tasks) {
      if (!tentative || from === null || states.get(from.task)?.status !== "done") continue;
      if (isAlive(queue.get(records.jobs[from.task]?.job ?? "")?.state ?? "")) continue;
      if (this.#unread.has(id)) {
        const message = `found no directionality ratios of epoch ${from.epoch} in its shared prefix, ${from.task}`;
        this.#giveUp(id, message);
      }
      this.#unread.add(id);
    }
  }

  #giveUp(id: string, message: string): void {
    this.#givenUp.set(id, { status: "failed", message });
    this.sweep.noteFailure({ id }, message);
  }

  /** Looks into tasks whose jobs have ended, or are not known any more, though their runs are not done. */
  async #judgeEnded(
    records: JobRecords,
    plan: SweepPlan,
    states: ReadonlyMap<string, TaskState>,
    queue: ReadonlyMap<string, SlurmJob>,
  ): Promise<void> {
    for (const task of plan.tasks) {
      const entry = records.jobs[task.id];
      const status = states.get(task.id)?.status;
      const job = entry && queue.get(entry.job);
      if (!entry || status === "done" || status === "diverged" || (job && isAlive(job.state))) {
        this.#endedSince.delete(task.id);
        continue;
      }
      // A shared file system may show a run's last words a little later.
      const since = this.#endedSince.get(task.id) ?? Date.now();
      this.#endedSince.set(task.id, since);
      if (Date.now() - since < 2_000) continue;
      this.#endedSince.delete(task.id);

      const end = (await scontrolShow(entry.job)) ?? (await sacct([entry.job]))?.get(entry.job) ?? job ?? null;
      const originDone = task.from === null || states.get(task.from.task)?.status === "done";
      if (end?.state.startsWith("CANCELLED") && originDone) {
        this.#giveUp(task.id, `job ${entry.job} was cancelled: call again to go on`);
        delete records.jobs[task.id];
      } else if (!originDone) {
        // Slurm took it out because what it starts from failed; it is submitted again with that.
        delete records.jobs[task.id];
      } else if (entry.failures >= 1 || (end?.state === "FAILED" && (end.exitCode ?? 0) > 0)) {
        // A trial that ended its job by itself had its second chance there.
        const why = [end?.state ?? "no record", end?.reason ?? null, states.get(task.id)?.message ?? null];
        const remedy = end?.state === "OUT_OF_MEMORY" ? ": give it more by --memory" : "";
        this.#giveUp(task.id, `job ${entry.job}: ${why.filter((word) => word !== null).join(", ")}${remedy}`);
        delete records.jobs[task.id];
      } else {
        records.jobs[task.id] = { job: "", failures: entry.failures + 1 };
      }
    }
  }

  async #submit(
    records: JobRecords,
    plan: SweepPlan,
    states: ReadonlyMap<string, TaskState>,
    queue: ReadonlyMap<string, SlurmJob>,
  ): Promise<void> {
    const submitted = new Map<string, string>();
    for (const { id } of plan.tasks) {
      const job = records.jobs[id]?.job;
      if (job && isAlive(queue.get(job)?.state ?? "PENDING")) submitted.set(id, job);
    }
    const statuses = statusOfTasks(plan, states, this.#givenUp);
    const willRun = new Set<string>();
    const tasks = plan.tasks.filter(({ id, from, tentative }) => {
      const status = statuses.get(id) ?? "waiting";
      if (submitted.has(id)) willRun.add(id);
      if (tentative || submitted.has(id) || this.#givenUp.has(id) || this.#endedSince.has(id)) return false;
      if (status === "done" || status === "diverged" || status === "blocked") return false;
      const comes = from === null || statuses.get(from.task) === "done" || willRun.has(from.task);
      if (comes) willRun.add(id);
      return comes;
    });
    this.#arraySize ??= tasks.length > 0 ? await maxArraySize() : null;
    const arrays = slurmArrays(tasks, submitted, this.#arraySize ?? 1000);
    const ids: string[] = [];
    for (const array of arrays) {
      const id = await this.#submitArray(records, plan, array, ids);
      ids.push(id);
    }
    await this.#followUp(records, plan, queue);
  }

  async #submitArray(records: JobRecords, plan: SweepPlan, array: SlurmArray, ids: readonly string[]): Promise<string> {
    const { after, tasks } = array;
    const origin = after === null ? null : "job" in after ? after.job : `${ids[after.array]}_${after.element}`;
    const at = records.arrays;
    const path = join(this.sweep.folder, "slurm", arrayName(at));
    const list = tasks.map((task): JobTask => ({
      id: task.id,
      folder: this.sweep.path(task),
      last: task.last,
      command: [...(this.options.command ?? ownCommands().command), ...this.sweep.words(task, plan)],
      log: this.sweep.log(task),
    }));
    writeFileAtomically(`${path}.json`, `${JSON.stringify(jobList(list), null, 1)}\n`);
    const dependency = origin === null ? null : `afterok:${origin}`;
    writeFileAtomically(
      `${path}.sh`,
      scriptOf(this.sweep, { ...this.options, slurm: records.options }, array, { at, dependency }),
    );
    const id = await sbatch(`${path}.sh`);
    // Counted once it is taken: what sbatch refuses is written anew under the same name.
    records.arrays++;
    tasks.forEach((task, element) => {
      records.jobs[task.id] = { job: `${id}_${element}`, failures: records.jobs[task.id]?.failures ?? 0 };
    });
    // Written at once: a job that is not in the records would be submitted again.
    writeJobRecords(this.sweep.folder, records);
    return id;
  }

  /**
   * Where a shared prefix's analysis decides what comes next, a small job goes on with the sweep though nobody follows
   * it.
   */
  async #followUp(records: JobRecords, plan: SweepPlan, queue: ReadonlyMap<string, SlurmJob>): Promise<void> {
    const { followUp = ownCommands().followUp } = this.options;
    if (followUp === null) return;
    const prefixes = new Set(plan.tasks.flatMap(({ tentative, from }) => (tentative && from ? [from.task] : [])));
    for (const prefix of prefixes) {
      const job = records.jobs[prefix]?.job;
      if (!job || records.followUps[prefix] === job || !isAlive(queue.get(job)?.state ?? "PENDING")) continue;
      const path = join(this.sweep.folder, "slurm", `after-${prefix}.sh`);
      const { gpus: _, throttle: __, exclusive: ___, memory: ____, more: _____, ...rest } = records.options;
      const script = arrayScript(
        {
          name: `${basename(this.sweep.folder)}-next`,
          elements: null,
          output: outputPattern(join(this.sweep.folder, "logs"), "slurm-%j.out"),
          dependency: `afterany:${job}`,
          threads: 1,
          command: [...followUp, this.sweep.folder],
        },
        { ...rest, time: rest.time ? "00:10:00" : null },
      );
      writeFileAtomically(path, script);
      await sbatch(path);
      records.followUps[prefix] = job;
    }
  }

  #notes(
    records: JobRecords,
    states: ReadonlyMap<string, TaskState>,
    queue: ReadonlyMap<string, SlurmJob>,
  ): Map<string, TaskNote> {
    const notes = new Map<string, TaskNote>(this.#givenUp);
    for (const [id, { job }] of Object.entries(records.jobs)) {
      const found = queue.get(job);
      if (job === "" || !states.has(id)) continue;
      const running = found?.state === "RUNNING" || found?.state === "COMPLETING";
      notes.set(id, {
        status: running ? "running" : "queued",
        where: `job ${job}${found?.node ? ` on ${found.node}` : ""}`,
        message: running ? null : (found?.reason ?? null),
      });
    }
    return notes;
  }
}

/** The jobs of a sweep that are, or may be, at work. */
export async function aliveJobs(sweep: Sweep): Promise<SweepTask["id"][]> {
  const records = readJobRecords(sweep.folder);
  if (!records) return [];
  const queue = await squeue();
  return Object.values(records.jobs)
    .map(({ job }) => job)
    .filter((job) => isAlive(queue.get(job)?.state ?? ""));
}
