import {
  abortSignal,
  above0,
  aFunction,
  anObject,
  checkArgument,
  checkOptions,
  type KindsOf,
  number,
  orNull,
  texts,
  whole,
} from "../../options";
import { setTimeout as sleep } from "node:timers/promises";

import { noteDeath } from "../../runs/recording/note-death";
import { ownCommands } from "../own-commands";
import { byUrgency, snapshot, type SweepSnapshot, statusOfTasks, type TaskNote } from "../snapshot";
import type { Sweep } from "../sweep";
import type { SweepPlan, SweepTask } from "../sweep-task";
import type { TaskState } from "../task-state";
import { threadEnvironment } from "../thread-environment";
import { memoryWords } from "./memory-words";
import { Child, type ChildEnd, lastWords } from "./child";
import { fitsMemory, type MachineResources, peakMemoryOf, slotsOf, thisMachine } from "./machine-resources";
import { EXIT } from "../../spec/exit-codes";

/** How a sweep is trained on this machine. */
export interface LocalOptions {
  /** The most trials at a time. Default: null, as many as cores (or GPUs) and memory allow. */
  jobs?: number | null;
  /** Bytes that a trial takes until one has been seen. Default: 2 GiB. */
  memory?: number;
  /** What trains a trial, before the words of `Sweep.words`. Default: this installation's `gradamp train`. */
  command?: readonly string[];
  /** The machine. Default: this one, its CPU. */
  machine?: MachineResources;
  /** Stops the sweep: every child saves its state and ends. */
  signal?: AbortSignal;
  /** Kills the children of a sweep that was stopped and takes too long. */
  kill?: AbortSignal;
  /** Told at every change, and once in `interval`. */
  onProgress?: (state: SweepSnapshot) => void;
  /** Milliseconds between two looks at the run folders. Default: 1000. */
  interval?: number;
  /** Milliseconds after which a trial that another process held is tried again. Default: 15,000. */
  retryHeld?: number;
}

/** What each of these may be. */
export const LOCAL_KINDS: KindsOf<LocalOptions> = {
  jobs: orNull(whole(1)),
  memory: above0,
  command: texts,
  machine: anObject,
  signal: abortSignal,
  kill: abortSignal,
  onProgress: aFunction,
  interval: above0,
  retryHeld: number("to be at least 0 milliseconds", (found) => found >= 0),
};

/** How a sweep ended. */
export interface SweepOutcome {
  /** How far each task is. */
  readonly state: SweepSnapshot;
  /** Whether it was stopped before its end. */
  readonly interrupted: boolean;
}

/** How often a trial that something stopped from outside is begun again. */
const MOST_STOPS = 5;

/**
 * Runs a sweep's tasks in child processes, as many as fit the machine, each as soon as the one that it starts from is
 * done.
 *
 * A child that dies is started again once and then given up, with whatever depends on it; one that finds its run in the
 * hands of another process is tried again later. The run folders are the only memory: called again, it goes on.
 *
 * @param sweep the trials and their folder
 * @param options how many at a time, on which GPUs, and who is told
 * @throws {TypeError} for an unknown option or one of a wrong kind
 * @example
 * import { mkdtempSync } from "node:fs";
 * import * as ga from "gradamp";
 * import * as advanced from "gradamp/advanced";
 *
 * const sweep = new ga.Sweep(mkdtempSync("/tmp/sweep-"), { trials: ga.reproductionTrials("ga", { scale: "demo" }) });
 * const start = () => advanced.runLocally(sweep, { jobs: 2, onProgress: ({ trials }) => console.log(trials.done) });
 * console.log(sweep.plan().epochs, typeof start);
 */
export async function runLocally(sweep: Sweep, options: LocalOptions = {}): Promise<SweepOutcome> {
  checkOptions("runLocally", options, LOCAL_KINDS);
  checkArgument(sweep, "a sweep, as of new ga.Sweep,", "folder");
  return new LocalEngine(sweep, options).run();
}

class LocalEngine {
  readonly #machine: MachineResources;
  readonly #slots: number;
  readonly #children = new Map<string, { child: Child; gpu: string | null; peak: number }>();
  readonly #failures = new Map<string, number>();
  readonly #stops = new Map<string, number>();
  readonly #givenUp = new Map<string, TaskNote>();
  readonly #heldUntil = new Map<string, number>();
  readonly #done = new Map<string, TaskState>();
  readonly #command: readonly string[];
  #plan: SweepPlan;
  #stopping = false;
  #wake: () => void = () => {};

  constructor(
    readonly sweep: Sweep,
    readonly options: LocalOptions,
  ) {
    this.#machine = options.machine ?? thisMachine();
    this.#slots = slotsOf(this.#machine, { jobs: options.jobs ?? null, threads: sweep.threads });
    this.#command = options.command ?? ownCommands().command;
    this.#plan = sweep.plan();
  }

  async run(): Promise<SweepOutcome> {
    const { signal, kill, interval = 1000, onProgress } = this.options;
    const end = (how: NodeJS.Signals) => () => {
      this.#stopping = true;
      for (const { child } of this.#children.values()) child.kill(how);
      this.#wake();
    };
    const [stop, killAll] = [end("SIGTERM"), end("SIGKILL")];
    this.sweep.forgetFailures();
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop);
    kill?.addEventListener("abort", killAll);
    try {
      for (;;) {
        const state = this.#look();
        onProgress?.(state);
        const waitsForOthers = !this.#stopping && state.rows.some(({ status }) => status === "held");
        if (this.#children.size === 0 && !waitsForOthers) return { state, interrupted: this.#stopping };
        const woken = new Promise<void>((resolve) => (this.#wake = resolve));
        const timer = new AbortController();
        await Promise.race([woken, sleep(interval, undefined, { signal: timer.signal }).catch(() => {})]);
        timer.abort();
      }
    } finally {
      signal?.removeEventListener("abort", stop);
      kill?.removeEventListener("abort", killAll);
    }
  }

  /** Reads the folders, starts what can start, and says how things stand. */
  #look(): SweepSnapshot {
    for (const entry of this.#children.values()) {
      entry.peak = Math.max(entry.peak, peakMemoryOf(entry.child.pid) ?? 0);
    }
    let states = this.#states();
    if (!this.#stopping) {
      // An analysed shared prefix that has ended shows which of its trials are one; theirs may have ended as well.
      for (let waiting = this.#revealed(states); waiting.length > 0; waiting = this.#revealed(states)) {
        this.#plan = this.sweep.plan();
        states = this.#states();
        const still = new Set(this.#revealed(states).map(({ id }) => id));
        for (const { id, from } of waiting.filter((task) => still.has(task.id))) {
          const message = `found no directionality ratios of epoch ${from?.epoch} in its shared prefix, ${from?.task}`;
          this.#giveUp({ id }, message);
        }
      }
      const statuses = statusOfTasks(this.#plan, states, this.#notes());
      const ready = this.#plan.tasks.filter((task) => {
        const status = statuses.get(task.id) ?? "waiting";
        const isOpen = ["waiting", "interrupted", "running", "failed"].includes(status) && !this.#givenUp.has(task.id);
        return isOpen && !task.tentative && !this.#children.has(task.id) && this.#originHasEnded(task, states);
      });
      for (const task of byUrgency(ready)) {
        if (!this.#hasRoom(states)) break;
        this.#start(task);
      }
    }
    return snapshot(this.#plan, states, this.#notes(), this.#slots);
  }

  /** Tasks that wait for an analysis that has ended. */
  #revealed(states: ReadonlyMap<string, TaskState>): SweepTask[] {
    return this.#plan.tasks.filter(
      (task) => task.tentative && !this.#givenUp.has(task.id) && this.#originHasEnded(task, states),
    );
  }

  /** Whether what a task starts from is done and its process gone, so that its checkpoint and rows are all there. */
  #originHasEnded({ from }: SweepTask, states: ReadonlyMap<string, TaskState>): boolean {
    return from === null || (states.get(from.task)?.status === "done" && !this.#children.has(from.task));
  }

  #states(): Map<string, TaskState> {
    const states = new Map<string, TaskState>();
    for (const task of this.#plan.tasks) {
      const state = this.#done.get(task.id) ?? this.sweep.state(task);
      states.set(task.id, state);
      // What has ended is not read again, unless its run would have to go on.
      if (state.status === "done" && state.epoch === task.last) this.#done.set(task.id, state);
    }
    return states;
  }

  #notes(): Map<string, TaskNote> {
    const now = Date.now();
    const notes = new Map<string, TaskNote>(this.#givenUp);
    for (const [id, until] of this.#heldUntil) {
      if (until > now) notes.set(id, { status: "held", message: "another process trains it" });
    }
    for (const [id, { child, gpu }] of this.#children) {
      notes.set(id, { status: "running", where: `pid ${child.pid}${gpu === null ? "" : `, GPU ${gpu}`}` });
    }
    return notes;
  }

  #hasRoom(states: ReadonlyMap<string, TaskState>): boolean {
    if (this.#children.size >= this.#slots) return false;
    const running = [...this.#children.values()].map(({ peak }) => peak);
    const seen = [...running, ...[...states.values()].map(({ peakMemory }) => peakMemory ?? 0)];
    const known = [...states.values()].some(({ peakMemory }) => peakMemory !== null);
    const each = Math.max(known ? 0 : (this.options.memory ?? 2 * 2 ** 30), ...seen);
    return fitsMemory(this.#machine.availableMemory(), running, each);
  }

  #start(task: SweepTask): void {
    const { gpus } = this.#machine;
    const busy = new Set([...this.#children.values()].map(({ gpu }) => gpu));
    const gpu = gpus.find((name) => !busy.has(name)) ?? null;
    const child = new Child([...this.#command, ...this.sweep.words(task, this.#plan)], {
      log: this.sweep.log(task),
      env: {
        ...process.env,
        ...threadEnvironment(this.sweep.threads, gpu !== null),
        ...(gpu === null ? {} : { CUDA_VISIBLE_DEVICES: gpu }),
      },
    });
    this.#heldUntil.delete(task.id);
    this.#children.set(task.id, { child, gpu, peak: 0 });
    void child.ended.then((end) => {
      const peak = this.#children.get(task.id)?.peak ?? 0;
      void this.#judge(task, end, peak > 0 ? peak : null)
        .catch((error: unknown) => this.#giveUp(task, (error as Error).message))
        .finally(() => {
          this.#children.delete(task.id);
          this.#wake();
        });
    });
  }

  /** What to do with a task whose child has ended: its folder says whether it is done. */
  async #judge(task: SweepTask, { code, signal }: ChildEnd, peak: number | null): Promise<void> {
    const { status, message } = this.sweep.state(task);
    if (status === "done" || status === "diverged" || this.#stopping) return;
    if (code === EXIT.held) {
      this.#heldUntil.set(task.id, Date.now() + (this.options.retryHeld ?? 15_000));
      return;
    }
    const how = signal ? `killed by ${signal}${memoryWords(signal, peak)}` : `exit code ${code}`;
    const said = message ?? (signal === "SIGKILL" ? null : lastWords(this.sweep.log(task)));
    const giveUp = async () => {
      this.#giveUp(task, `${how}${said === null ? "" : `: ${said}`}`);
      // Killed, it could not say so itself.
      if (signal !== null) await noteDeath(this.sweep.path(task), how, peak).catch(() => undefined);
    };
    if (code === EXIT.usage) return giveUp();
    // Somebody stopped it in order, with its state saved.
    const stopped = code === EXIT.stopped || code === EXIT.interrupted || code === EXIT.terminated;
    const counted = stopped ? this.#stops : this.#failures;
    counted.set(task.id, (counted.get(task.id) ?? 0) + 1);
    if ((counted.get(task.id) ?? 0) > (stopped ? MOST_STOPS : 1)) await giveUp();
  }

  #giveUp(task: Pick<SweepTask, "id">, message: string): void {
    this.#givenUp.set(task.id, { status: "failed", message });
    this.sweep.noteFailure(task, message);
  }
}
