import { aFunction, anObject, checkOptions, checkPath, type KindsOf, listOf, orNull, whole, yesNo } from "../options";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

import { makeFolder } from "../files/make-folder";
import { readJson } from "../files/read-text";
import type { TrialSpec } from "../experiments";
import { checkVersion, readTrial, VERSION } from "../spec";
import { canonicalJson } from "../experiments/trial-key";
import { writeFileAtomically } from "../files/write-file-atomically";
import { checkTrialIds } from "./check-trial-ids";
import type * as layers from "./group-layers";
import { planSweep } from "./plan-sweep";
import { readRatios } from "./read-ratios";
import type { LayerRatios, SweepPlan, SweepTask } from "./sweep-task";
import { readTaskState, type TaskState } from "./task-state";

/** More than any machine's cores; what is beyond is a slip, and starting so many ends a process without a word. */
const MOST_THREADS = 1024;

/** What a sweep consists of. */
export interface SweepOptions {
  /** The trials. Default: null, those that the folder has been given before. */
  trials?: readonly TrialSpec[] | null;
  /**
   * The names of the layers that a trial's random selection draws from, so that ratios that select the same layers are
   * trained once. Asked once for each network and group, then kept in sweep.json. Default: the networks are built and
   * asked; null: every ratio is a selection of its own.
   */
  groupLayers?: ((trial: TrialSpec) => readonly string[]) | null;
  /**
   * Threads of each trial's process, the same for all, since sums depend on it. Default: what the folder says, else 1.
   */
  threads?: number | null;
  /**
   * Reads what a shared prefix's last epoch showed of its gradients; null where it showed nothing. Default: from its
   * rows.
   */
  ratios?: (folder: string, epoch: number) => readonly LayerRatios[] | null;
  /** Whether anything is written. Default: true. */
  write?: boolean;
}

/** What each of these may be. */
const KINDS: KindsOf<SweepOptions> = {
  trials: orNull(listOf(anObject, "a list of trials")),
  groupLayers: orNull(aFunction),
  threads: orNull(whole(1, `to be a whole number from 1 to ${MOST_THREADS}`)),
  ratios: aFunction,
  write: yesNo,
};

/** What the files end with that tell why a task was given up. */
const FAILURE = ".failure.json";

/** What sweep.json holds. */
interface SweepFile {
  readonly version: number;
  readonly created: string;
  readonly threads: number;
  readonly trials: readonly TrialSpec[];
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

/**
 * A table of trials and the folder in which they are trained:
 *
 * - `sweep.json`: the trials
 * - `runs/ID/`: the runs of the trials, each complete in itself
 * - `stems/ID/`: the epochs that several of them have in common
 * - `tasks/ID.json`: what each process was told, `logs/ID.log`: what it said
 *
 * It holds no state of its own: where a task stands is read from its run's folder whenever it is asked.
 *
 * @example
 * import { mkdtempSync } from "node:fs";
 * import * as ga from "gradamp";
 *
 * const sweep = new ga.Sweep(mkdtempSync("/tmp/sweep-"), { trials: ga.trials("vgp") });
 * const [task] = sweep.plan().tasks;
 * console.log(task?.id, sweep.state(task!).status); // vgp-table1-vgg08-1e-3 absent
 */
export class Sweep {
  /** Absolute. */
  readonly folder: string;
  /** In the order of the table. */
  readonly trials: readonly TrialSpec[];
  /** Of each trial's process. */
  readonly threads: number;
  readonly #groups: Readonly<Record<string, readonly string[]>>;
  readonly #readRatios: NonNullable<SweepOptions["ratios"]>;
  readonly #ratios = new Map<string, readonly LayerRatios[]>();

  /**
   * Opens a sweep's folder, and makes it where there is none.
   *
   * @param folder the sweep's folder, made if there is none
   * @param options the trials, threads and what is asked of the networks
   * @throws {RangeError} if there are no trials, or one has changed since its run began
   */
  constructor(folder: string, options: SweepOptions = {}) {
    checkOptions("Sweep", options, KINDS);
    checkPath(folder, "a sweep's folder");
    this.folder = resolve(folder);
    const path = join(this.folder, "sweep.json");
    const before = existsSync(path) ? (readJson(path) as SweepFile) : null;
    if (before) checkVersion(before, path);
    this.trials = (options.trials ?? before?.trials ?? []).map(read);
    if (this.trials.length === 0) throw new RangeError(`Expected trials for ${this.folder} but found none`);
    checkTrialIds(this.trials);
    this.threads = options.threads ?? before?.threads ?? 1;
    if (!Number.isInteger(this.threads) || this.threads < 1 || this.threads > MOST_THREADS)
      throw new RangeError(`Expected threads to be a whole number from 1 to ${MOST_THREADS} but found ${this.threads}`);
    this.#readRatios = options.ratios ?? readRatios;
    if (before) this.#refuseChanges(before);
    const { groupLayers = buildAndAsk, write = true } = options;
    this.#groups = groupsOf(this.trials, before?.groups ?? {}, groupLayers);
    if (!write) return;
    const file: SweepFile = {
      version: VERSION,
      created: before?.created ?? new Date().toISOString(),
      threads: this.threads,
      trials: this.trials,
      groups: this.#groups,
    };
    makeFolder(join(this.folder, "logs"));
    if (JSON.stringify(before) !== JSON.stringify(file))
      writeFileAtomically(path, `${JSON.stringify(file, null, 1)}\n`);
  }

  /** What there is to do, with what the runs have shown so far. */
  plan(): SweepPlan {
    return planSweep(this.trials, {
      groupLayers: (trial) => this.#groups[groupKey(trial)] ?? null,
      ratios: (prefix) => this.#ratiosOf(prefix),
      begun: (trial) => existsSync(join(this.folder, "runs", trial, "run.json")),
    });
  }

  /** The absolute folder of a task's run. */
  path(task: Pick<SweepTask, "folder">): string {
    return join(this.folder, task.folder);
  }

  /** The file that takes what a task's process says. */
  log(task: Pick<SweepTask, "id">): string {
    return join(this.folder, "logs", `${task.id}.log`);
  }

  /** How far a task is, read from its run's folder. */
  state(task: SweepTask): TaskState {
    const state = readTaskState(this.path(task), task.last);
    if (state.status === "done" || state.status === "diverged") return state;
    const failure = this.#failureOf(task);
    return failure === null ? state : { ...state, status: "failed", message: failure };
  }

  /** Keeps why a task was given up, which its run's folder may not tell: it may have died before there was one. */
  noteFailure({ id }: Pick<SweepTask, "id">, message: string): void {
    writeFileAtomically(this.#failureFile(id), `${JSON.stringify({ message, when: new Date().toISOString() })}\n`);
  }

  /** Forgets why tasks were given up: they are tried again. */
  forgetFailures(): void {
    const folder = join(this.folder, "tasks");
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder)) if (name.endsWith(FAILURE)) rmSync(join(folder, name), { force: true });
  }

  /**
   * The words behind `gradamp train` that begin a task or go on with it; writes its `tasks/ID.json` first where it has
   * not begun.
   */
  words(task: SweepTask, plan: SweepPlan): string[] {
    const config = join(this.folder, "tasks", `${task.id}.json`);
    const begun = existsSync(join(this.path(task), "run.json"));
    if (!begun || !existsSync(config)) {
      const from = plan.tasks.find(({ id }) => id === task.from?.task);
      // Of hundreds of runs only those are kept ready to go on from which others start.
      const isOrigin = plan.tasks.some((other) => other.from?.task === task.id);
      const spec = {
        version: VERSION,
        ...task.trial,
        run: task.last < task.trial.epochs ? { until: task.last } : { keepLast: isOrigin },
        ...(from ? { from: `${this.path(from)}@${from.last}` } : {}),
      };
      writeFileAtomically(config, `${JSON.stringify(spec, null, 1)}\n`);
    }
    return ["--config", config, "--run", this.path(task), "--progress", "none"];
  }

  #failureFile(id: string): string {
    return join(this.folder, "tasks", `${id}${FAILURE}`);
  }

  #failureOf({ id }: Pick<SweepTask, "id">): string | null {
    const file = this.#failureFile(id);
    if (!existsSync(file)) return null;
    try {
      return String((readJson(file) as { message?: unknown } | null)?.message ?? "failed");
    } catch (error) {
      return (error as Error).message;
    }
  }

  #ratiosOf(prefix: string): readonly LayerRatios[] | null {
    const known = this.#ratios.get(prefix);
    if (known) return known;
    const folder = join(this.folder, "stems", prefix);
    const epoch = Number(/-(\d+)-[0-9a-f]{8}$/.exec(prefix)?.[1]);
    if (readTaskState(folder, epoch).status !== "done") return null;
    const ratios = this.#readRatios(folder, epoch);
    if (ratios) this.#ratios.set(prefix, ratios);
    return ratios;
  }

  #refuseChanges(before: SweepFile): void {
    const old = new Map(before.trials.map((trial) => [trial.id, canonicalJson(read(trial))]));
    for (const trial of this.trials) {
      const was = old.get(trial.id);
      const begun = () => existsSync(join(this.folder, "runs", trial.id, "run.json"));
      if (was !== undefined && was !== canonicalJson(trial) && begun())
        throw new RangeError(
          `Expected trial ${trial.id} to be as it was when its run began but found it changed: give it another id, or ` +
            `the sweep another folder`,
        );
    }
    if (this.threads !== before.threads && this.trials.some(({ id }) => existsSync(join(this.folder, "runs", id))))
      throw new RangeError(
        `Expected ${before.threads} threads, with which this sweep began, but found ${this.threads}: sums depend on it`,
      );
  }
}

/** A trial as it is written down now, whatever version wrote it. */
const read = (trial: TrialSpec): TrialSpec => readTrial(trial) as TrialSpec;

/** Names of layers depend neither on a network's width nor on its weights. */
const groupKey = ({ model, stages }: TrialSpec) => {
  const { width: _, classes: __, seed: ___, ...options } = model.options as Record<string, unknown>;
  return JSON.stringify([model.name, options, stages?.group ?? null]);
};

/** Loads TensorFlow only where a trial draws from a group that is not known yet. */
const buildAndAsk = (trial: TrialSpec): string[] => (require("./group-layers") as typeof layers).groupLayers(trial);

function groupsOf(
  trials: readonly TrialSpec[],
  before: Readonly<Record<string, readonly string[]>>,
  ask: ((trial: TrialSpec) => readonly string[]) | null,
): Record<string, readonly string[]> {
  const groups = { ...before };
  if (!ask) return groups;
  for (const trial of trials) {
    const { stages } = trial;
    // A module is asked when it trains: it may need its data, and time.
    const chooses =
      trial.model.module === undefined && stages?.group && stages.stages.some(({ ampRatio }) => ampRatio > 0);
    if (chooses && !Object.hasOwn(groups, groupKey(trial))) groups[groupKey(trial)] = ask(trial);
  }
  return groups;
}
