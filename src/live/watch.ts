import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { displayBundle } from "../cell/display-bundle";
import { escapeHtml } from "../export/html/html-text";
import { findRuns } from "../runs/find-runs";
import { runInfoFile } from "../runs/run-info";
import { ComparedOutlet } from "./compared-outlet";
import { checkOptions, number, oneOf, yesNo } from "../options";
import { isModel } from "../display/values/kinds";
import { kernelCell, onClient } from "../cell/kernel-cell";
import { onInterrupt } from "../cell/on-interrupt";
import type { LayersModel } from "../tensorflow";
import { Run } from "../training";
import { onNextTraining, runningTraining } from "../training/trainings";
import { begunRun } from "./begun-runs";
import { emptyDashboard, type RunFacts } from "./dashboard-state";
import { FolderFollower } from "./follow-folder";
import { followTraining } from "./follow-training";
import { LiveDashboard, type LiveOutlet } from "./live-dashboard";
import { notebookOutlet } from "./notebook-outlet";
import { terminalOutlet } from "./terminal-outlet";
import { Watch } from "./watch-handle";
import { isWatched, noteWatched } from "./watched-runs";

/** How a dashboard looks, and how often it changes. */
export interface WatchOptions {
  /**
   * Default: "auto", as the notebook is, also where that is changed. The static picture is light unless this is "dark".
   */
  theme?: "light" | "dark" | "auto";
  /** Least seconds between two updates. Default: 0.5. */
  every?: number;
  /**
   * Whether the last dashboard gets a static picture, for viewers that run no scripts. Default: where a browser or
   * kaleido is at hand.
   */
  picture?: boolean;
}

/** What can be watched: a run, what `ga.train` returns, a network, or the folder of a run or of many. */
export type Watchable = Run | Promise<Run> | LayersModel | string;

/**
 * Shows a dashboard of a run that goes on, as output of the running cell; outside a kernel, a line an epoch on standard
 * error.
 *
 * It has loss and accuracy with the running values of the epoch in progress, gradient flow now against before, all
 * epochs as a heat map, what is amplified and why, images per second and the time that is left. It returns at once;
 * training goes on as before, and an interrupt of it leaves the last dashboard.
 *
 * Several runs, or a folder of runs such as a sweep's, are one table that is sorted as they go on, the best on top: by the
 * best accuracy on data that they were not trained on. Where there is nothing yet it says what it waits for.
 *
 * @param target a `Run`; the promise that `ga.train` returns; a network, for the run that trains it now or else the
 *   next one; the folder of a run that any process on any machine keeps there (`save` of `ga.train`), or one with
 *   such folders in it; or a list of these
 * @param options theme, and seconds between updates
 * @throws {Error} if the folder holds no run
 * @throws {TypeError} for anything else
 * @throws {RangeError} for a theme or a time that makes no sense
 *
 * @example
 * import * as ga from "gradamp";
 * const data = ga.embedded({ train: 60, validation: 20, test: 20 });
 * const training = ga.train(ga.vgg08({ classes: 10, width: 4 }), data, { epochs: 2, batchSize: 20 });
 * ga.watch(training);
 * await training;
 */
export function watch(target: Watchable | readonly Watchable[], options: WatchOptions = {}): Watch {
  checkOptions("watch", options, {
    theme: oneOf("light", "dark", "auto"),
    every: number("to be above 0 seconds", (found) => found > 0),
    picture: yesNo,
  });
  check(options);
  if (isList(target)) return watchTogether(target, options);
  if (typeof target === "string" && holdsRuns(target)) return watchTogether([target], options);
  return watchOne(target, options, new Watch(), null);
}

const isList = (target: Watchable | readonly Watchable[]): target is readonly Watchable[] => Array.isArray(target);

/** Where a dashboard is shown: on its own, or among others. */
type Among = { readonly compared: ComparedOutlet; place: number } | null;

function watchOne(target: Watchable, options: WatchOptions, handle: Watch, among: Among): Watch {
  if (typeof target === "string") watchFolder(target, options, handle, among);
  else if (target instanceof Run) watchRun(target, options, handle, among);
  else if (target instanceof Promise) {
    const begun = begunRun(target);
    if (!begun) throw new TypeError("Expected the promise that ga.train returned but found another one");
    begun.then(
      (run) => handle.ended || watchRun(run, options, handle, among),
      // Who awaits the training is told why it did not begin.
      () => handle.end(),
    );
  } else if (typeof target === "object" && target !== null && isModel(target))
    watchModel(target, options, handle, among);
  else
    throw new TypeError(
      `Expected a run, what ga.train returned, a network or a run's folder but found ${typeof target}`,
    );
  return handle;
}

function check({ theme = "auto", every = 0.5 }: WatchOptions): void {
  if (!["light", "dark", "auto"].includes(theme))
    throw new RangeError(`Expected theme to be "light", "dark" or "auto" but found ${JSON.stringify(theme)}`);
  if (!(every > 0 && every < Infinity)) throw new RangeError(`Expected every to be above 0 seconds but found ${every}`);
}

/** A dashboard on whatever there is to show it on; ended with the handle. */
function open(facts: RunFacts, options: WatchOptions, handle: Watch, among: Among): LiveDashboard {
  const { theme = "auto", every = 0.5, picture } = options;
  const outlet: LiveOutlet = among
    ? among.compared.outletOf(among.place)
    : kernelCell()
      ? notebookOutlet({ theme, interval: 1000 * every, ...(picture === undefined ? {} : { picture }) })
      : terminalOutlet();
  const live = new LiveDashboard(emptyDashboard(facts), outlet);
  handle.onStop(() => live.take({ kind: "end", status: "unwatched" }));
  listenForClients(live);
  return live;
}

function watchRun(run: Run, options: WatchOptions, handle: Watch, among: Among): void {
  // Progress need not be told twice; several dashboards of a run are fine.
  if (!isWatched(run)) noteWatched(run);
  const live = open(run, options, handle, among);
  const release = followTraining(run, (event) => {
    live.take(event);
    if (event.kind === "end") handle.end();
  });
  handle.onStop(release);
}

function watchModel(model: LayersModel, options: WatchOptions, handle: Watch, among: Among): void {
  const running = runningTraining(model);
  if (running) return watchRun(running, options, handle, among);
  const answered = among ? () => {} : sayWaiting(`Waiting for ga.train to train ${model.name}`);
  const release = onNextTraining(model, (run) => {
    answered();
    watchRun(run, options, handle, among);
  });
  handle.onStop(() => {
    answered();
    release();
  });
}

/** Says what a dashboard waits for, where nothing is to be seen yet; the answer takes it away. */
function sayWaiting(what: string): () => void {
  if (!kernelCell()) {
    process.stderr.write(`${what}\n`);
    return () => {};
  }
  const displayId = `gradamp-waiting-${randomUUID()}`;
  displayBundle({ "text/html": `<p>${escapeHtml(what)}</p>`, "text/plain": what }, { displayId });
  let there = true;
  return () => {
    if (there) displayBundle({ "text/html": "", "text/plain": "" }, { displayId, update: true });
    there = false;
  };
}

/** Whether a folder is none of a run but has such folders in it, or will have. */
function holdsRuns(folder: string): boolean {
  return existsSync(folder) && !existsSync(join(folder, runInfoFile));
}

/** Several runs on one page. Ended when all of them are; of a folder, when all that are in it then are. */
function watchTogether(targets: readonly Watchable[], options: WatchOptions): Watch {
  const { every = 0.5 } = options;
  if (targets.length === 0) throw new RangeError("Expected at least one run to watch but found an empty list");
  const handle = new Watch();
  const folders = targets.filter((target) => typeof target === "string").filter(holdsRuns);
  const single = targets.filter((target) => !folders.includes(target as string));
  const waiting = folders.length > 0 ? `Waiting for runs in ${folders.join(", ")}` : "Waiting for training to begin";
  const compared = new ComparedOutlet(1000 * every, waiting);
  const parts: Watch[] = [];
  const add = (target: Watchable) => {
    const part = watchOne(target, options, new Watch(), { compared, place: parts.length });
    parts.push(part);
    void part.finished.then(endWhenAll);
  };
  let timer: NodeJS.Timeout | undefined;
  const known = new Set<string>();
  const endWhenAll = () => {
    if (handle.ended || parts.length === 0 || !parts.every((part) => part.ended)) return;
    if (folders.length > 0 && lookForMore()) return;
    clearTimeout(timer);
    handle.end();
  };
  /** Whether there were runs that had not been seen. */
  const lookForMore = (): boolean => {
    const found = folders.flatMap((folder) => findRuns(folder)).filter((folder) => !known.has(folder));
    for (const folder of found) {
      known.add(folder);
      add(folder);
    }
    return found.length > 0;
  };
  for (const target of single) add(target);
  const look = () => {
    lookForMore();
    if (!handle.ended) timer = setTimeout(look, Math.max(1000, 1000 * every));
  };
  if (folders.length > 0) look();
  handle.onStop(() => {
    clearTimeout(timer);
    for (const part of parts) part.stop();
  });
  return handle;
}

function watchFolder(folder: string, options: WatchOptions, handle: Watch, among: Among): void {
  const { every = 0.5 } = options;
  let follower = new FolderFollower(folder);
  const live = open(follower.facts(), options, handle, among);
  let timer: NodeJS.Timeout | undefined;
  handle.onStop(() => clearTimeout(timer));
  // Of a run elsewhere only the watching is interrupted.
  const deaf = onInterrupt(() => handle.isOfThisCell && handle.stop());
  void handle.finished.then(deaf);
  const look = async () => {
    try {
      const whole = await follower.look((event) => live.take(event));
      if (!whole && !handle.ended) {
        follower = new FolderFollower(folder);
        live.restart(emptyDashboard(follower.facts()));
      }
      failures = 0;
    } catch (error) {
      // A file that is just being replaced is there at the next look.
      if (++failures > 5) {
        live.take({ kind: "warning", text: (error as Error).message });
        live.take({ kind: "end", status: "unwatched" });
      }
    }
    if (live.ended) handle.end();
    else if (!handle.ended) timer = setTimeout(() => void look(), 1000 * every);
  };
  let failures = 0;
  void look();
}

/** Dashboards that have ended and still show themselves to who opens the notebook; the last few. */
const ended: (() => void)[] = [];

/** Shows a dashboard whole whenever a client connects: a page that was closed knows nothing of what it has missed. */
function listenForClients(live: LiveDashboard): void {
  let scheduled = false;
  const off = onClient(() => {
    if (scheduled) return;
    scheduled = true;
    // A client that connects asks several times.
    setTimeout(() => {
      scheduled = false;
      live.showWhole();
    }, 150).unref();
  });
  ended.push(off);
  while (ended.length > 8) ended.shift()?.();
}
