import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import type { TrialSpec } from "../../src/experiments";
import { type LocalOptions, runLocally, Sweep, type SweepOptions, type SweepSnapshot } from "../../src/sweeps";
import { readRunInfo } from "../../src/runs";
import { sweepResults } from "../../src/sweeps";
import { fitsMemory, slotsOf } from "../../src/sweeps/local/machine-resources";
import { lossesOf } from "./fake-numbers";
import { fakeRatios, fakeRun, fakeTrain, shortTrials } from "./fake-trials";

const base = mkdtempSync(join(tmpdir(), "gradamp-sweep-"));
after(() => rmSync(base, { recursive: true, force: true }));
let count = 0;
const newFolder = () => join(base, String(count++));

const s2 = (keep: (trial: TrialSpec) => boolean) =>
  shortTrials("ga", "s2", (trial) => trial.model.name === "vgg19" && trial.labels.group === "bn" && keep(trial));
/** Six trials in 5 + 2 · 5 + 6 · 5 = 45 epochs instead of 90. */
const six = s2(({ labels }) => /^S2_0\.[13]_0\.[123]$/.test(labels.params ?? ""));

async function run(
  trials: readonly TrialSpec[] | null,
  options: Partial<LocalOptions> & { folder?: string; sweep?: SweepOptions; faults?: Record<string, (string | null)[]>; ms?: number } = {}, // prettier-ignore
) {
  const { folder = newFolder(), sweep: how = {}, faults = {}, ms, ...local } = options;
  const sweep = new Sweep(folder, { trials, ratios: fakeRatios, groupLayers: null, ...how });
  const file = join(base, `faults-${count}.json`);
  writeFileSync(file, JSON.stringify(faults));
  const env = { FAKE_FAULTS: file, FAKE_TRACE: join(folder, "trace"), ...(ms ? { FAKE_EPOCH_MS: String(ms) } : {}) };
  const states: SweepSnapshot[] = [];
  Object.assign(process.env, env);
  try {
    const machine = { cores: 4, availableMemory: () => 64 * 2 ** 30, gpus: [] };
    const outcome = await runLocally(sweep, {
      command: fakeTrain,
      interval: 20,
      machine,
      onProgress: (state) => states.push(state),
      ...local,
    });
    const trace = existsSync(env.FAKE_TRACE) ? readFileSync(env.FAKE_TRACE, "utf8").trim().split("\n").filter(Boolean).map((line) => JSON.parse(line) as { run: string; gpu: string | null; threads: string }) : []; // prettier-ignore
    return { sweep, outcome, states, trace, folder };
  } finally {
    for (const name of ["FAKE_FAULTS", "FAKE_TRACE", "FAKE_EPOCH_MS"]) delete process.env[name];
  }
}

const resultOf = (sweep: Sweep, trial: TrialSpec) => {
  const plan = sweep.plan();
  const task = plan.tasks.find(({ id }) => id === plan.taskOf.get(trial.id));
  return fakeRun(sweep.path(task!));
};

test("forked trials end with the numbers of unforked ones, each epoch trained once", async () => {
  const { sweep, outcome, trace, states } = await run(six);
  assert.equal(outcome.interrupted, false);
  assert.deepEqual(outcome.state.trials, { total: 6, done: 6, failed: 0, running: 0 });
  assert.deepEqual(outcome.state.epochs, { asked: 90, planned: 45, done: 45 });
  assert.equal(trace.length, 9, "a process each for the shared prefix of 5 epochs, two of 10, six trials");
  for (const trial of six) {
    const result = resultOf(sweep, trial);
    assert.equal(result.losses.length, 15);
    assert.deepEqual(result.losses, lossesOf(trial), trial.id);
    assert.equal(result.from?.epoch, 10);
  }
  assert.equal(new Set(six.map((trial) => resultOf(sweep, trial).losses.at(-1))).size, 6);
  // Progress was told, with an estimate as soon as there was something to estimate from.
  assert.ok(states.some(({ etaSeconds, trials }) => etaSeconds !== null && trials.done < 6));
  assert.equal(outcome.state.etaSeconds, 0);
});

test("thresholds that turn out to select the same layers are trained once, with the numbers of each by itself", async () => {
  const trials = shortTrials("iga", "params1", ({ model, data, labels }) => model.name === "vgg19" && data.name === "cifar-10" && labels.directionality === "G" && labels.sides === "one" && (labels.threshold ?? 0) <= 1.3); // prettier-ignore
  assert.equal(trials.length, 7);
  const { sweep, outcome } = await run(trials);
  assert.equal(outcome.state.trials.done, 7);
  assert.ok(outcome.state.epochs.planned < 6 + 7 * 9, `${outcome.state.epochs.planned} epochs`);
  for (const trial of trials) assert.deepEqual(resultOf(sweep, trial).losses, lossesOf(trial), trial.id);
  // What was trained is exactly what the final plan says: nothing twice, nothing left over.
  const { tasks } = sweep.plan();
  assert.deepEqual(
    [...readdirSync(join(sweep.folder, "runs")), ...readdirSync(join(sweep.folder, "stems"))].sort(),
    tasks.map(({ id }) => id).sort(),
  );
});

test("a dead child is started again once, and its run goes on where it was", async () => {
  const [a, b] = six;
  const { outcome, trace, sweep } = await run([a!, b!], { faults: { [a!.id]: ["kill"], [b!.id]: ["crash"] } });
  assert.equal(outcome.state.trials.done, 2);
  assert.equal(trace.filter(({ run }) => run === a!.id).length, 2);
  assert.equal(trace.filter(({ run }) => run === b!.id).length, 2);
  assert.deepEqual(resultOf(sweep, a!).losses, lossesOf(a!));
});

test("a child that dies twice is reported, with what it said; the others are trained", async () => {
  const [a, b, c] = six;
  const { outcome, trace, folder } = await run([a!, b!, c!], { faults: { [a!.id]: ["crash", "crash"] } });
  assert.deepEqual(outcome.state.trials, { total: 3, done: 2, failed: 1, running: 0 });
  const row = outcome.state.rows.find(({ task }) => task === a!.id);
  assert.equal(row?.status, "failed");
  assert.match(row?.message ?? "", /exit code 1: out of memory in epoch/);
  assert.equal(trace.filter(({ run }) => run === a!.id).length, 2);
  // Called again, it is tried again.
  const again = await run(null, { folder });
  assert.equal(again.outcome.state.trials.done, 3);
});

test("a shared prefix that fails takes its trials with it, and no others", async () => {
  const other = s2(({ labels }) => labels.params === "S2_0.5_0.1");
  const sweep = new Sweep(newFolder(), { trials: [...six, ...other], groupLayers: null });
  const prefix = sweep.plan().tasks.find(({ kind, last, trial }) => kind === "shared" && last === 10 && trial.labels.params?.startsWith("S2_0.1")); // prettier-ignore
  const { outcome } = await run(sweep.trials, { faults: { [prefix!.id]: ["kill", "kill"] } });
  assert.deepEqual(outcome.state.trials, { total: 7, done: 4, failed: 3, running: 0 });
  assert.equal(outcome.state.rows.filter(({ status }) => status === "blocked").length, 3);
});

test("what diverged is a result and is not tried again; what would start from it has diverged, too", async () => {
  const prefix = new Sweep(newFolder(), { trials: six, groupLayers: null }).plan().tasks.find(({ kind, last }) => kind === "shared" && last === 10)!; // prettier-ignore
  const { outcome, trace } = await run(six, { faults: { [prefix.id]: ["diverge"] } });
  assert.equal(trace.filter(({ run }) => run === prefix.id).length, 1);
  assert.deepEqual(outcome.state.trials, { total: 6, done: 6, failed: 0, running: 0 });
  assert.equal(outcome.state.rows.filter(({ status }) => status === "diverged").length, 4);
});

test("a wrong option is not tried twice", async () => {
  const [a] = six;
  const { outcome, trace } = await run([a!], { faults: { [a!.id]: ["usage", null] } });
  assert.equal(trace.length, 1);
  assert.match(outcome.state.rows[0]?.message ?? "", /exit code 2: gradamp: Expected an option/);
});

test("a child that somebody stopped goes on and counts as no failure", async () => {
  const [a] = six;
  const { outcome, trace } = await run([a!], { faults: { [a!.id]: ["stop", "stop", "crash"] } });
  assert.equal(outcome.state.trials.done, 1);
  assert.equal(trace.length, 4);
});

test("Ctrl-C stops the children with their state saved, and run again it goes on where it stopped", async () => {
  const controller = new AbortController();
  const folder = newFolder();
  const first = await run(six, {
    folder,
    ms: 40,
    signal: controller.signal,
    onProgress: ({ epochs }) => {
      if (epochs.done >= 12) controller.abort();
    },
  });
  assert.equal(first.outcome.interrupted, true);
  assert.equal(first.outcome.state.trials.running, 0);
  const { done } = first.outcome.state.epochs;
  assert.ok(done >= 12 && done < 45, `${done} epochs`);
  const second = await run(null, { folder });
  assert.equal(second.outcome.state.trials.done, 6);
  for (const trial of six) assert.deepEqual(resultOf(second.sweep, trial).losses, lossesOf(trial));
  // No epoch was trained twice: the second run's first snapshot already had what the first one did.
  assert.equal(second.states[0]?.epochs.done, done);
});

test("a run in another process's hands is waited for", async () => {
  const [a] = six;
  const folder = newFolder();
  const sweep = new Sweep(folder, { trials: [a!], groupLayers: null });
  const [program = "", ...words] = [...fakeTrain, ...sweep.words(sweep.plan().tasks[0]!, sweep.plan())];
  const other = spawn(program, words, { env: { ...process.env, FAKE_EPOCH_MS: "30" }, stdio: "ignore" });
  const exited = once(other, "exit");
  while (!existsSync(join(folder, "runs", a!.id, "run.json"))) await sleep(5);
  const { outcome, states } = await run(null, { folder, retryHeld: 50 });
  assert.equal(outcome.state.trials.done, 1);
  assert.ok(states.some(({ rows }) => rows[0]?.status === "held"));
  assert.equal(fakeRun(join(folder, "runs", a!.id)).sessions.length, 1);
  assert.deepEqual(await exited, [0, null]);
});

test("as many children as fit: by cores, by what one takes of the memory, by GPUs", async () => {
  const most = (states: readonly SweepSnapshot[]) =>
    Math.max(...states.map(({ rows }) => rows.filter(({ status }) => status === "running").length));
  const gib = 2 ** 30;
  const room = (cores: number, memory: number, gpus: string[] = []) => ({ cores, availableMemory: () => memory, gpus });
  const ms = 30;
  assert.equal(most((await run(six, { machine: room(3, 64 * gib), ms })).states), 3);
  // One always runs.
  assert.equal(most((await run(six.slice(0, 2), { machine: room(64, 0) })).states), 1);
  const { trace, states } = await run(six, { machine: room(64, 64 * gib, ["0", "3"]), ms });
  assert.equal(most(states), 2);
  assert.deepEqual([...new Set(trace.map(({ gpu }) => gpu))].sort(), ["0", "3"]);
  assert.ok(trace.every(({ threads }) => threads === "1"));
});

test("room is left for what running trials may still take", () => {
  const gib = 2 ** 30;
  // 10 GiB are free; three trials that take 3 GiB each at their most have taken 3, 1 and 2 so far.
  assert.equal(fitsMemory(10 * gib, [3 * gib, gib, 2 * gib], 3 * gib), true);
  assert.equal(fitsMemory(6 * gib, [3 * gib, gib, 2 * gib], 3 * gib), false);
  assert.equal(fitsMemory(0, [], 3 * gib), true);
  const room = (cores: number, gpus: string[] = []) => ({ cores, availableMemory: () => 0, gpus });
  assert.equal(slotsOf(room(8), { jobs: null, threads: 1 }), 8);
  assert.equal(slotsOf(room(8), { jobs: null, threads: 3 }), 2);
  assert.equal(slotsOf(room(8), { jobs: 5, threads: 1 }), 5);
  assert.equal(slotsOf(room(1), { jobs: null, threads: 4 }), 1);
  assert.equal(slotsOf(room(64, ["0", "1"]), { jobs: null, threads: 1 }), 2);
});

test("a trial that changed after its run began is refused, and other threads too", async () => {
  const { folder } = await run(six.slice(0, 1));
  const changed = { ...six[0]!, batchSize: 64 };
  assert.throws(() => new Sweep(folder, { trials: [changed], groupLayers: null }), /S2_0.1_0.1-0 to be as it was/);
  assert.throws(() => new Sweep(folder, { threads: 2, groupLayers: null }), /Expected 1 threads/);
  // Others may be added: they fork from nothing here, and the old run stays the trial's.
  const more = await run(six.slice(0, 3), { folder });
  assert.equal(more.outcome.state.trials.done, 3);
});

test("a shared prefix whose ratios cannot be read is reported instead of waited for", async () => {
  const trials = shortTrials("iga", "params1", ({ model, data, labels }) => model.name === "vgg19" && data.name === "cifar-10" && labels.directionality === "G" && labels.sides === "one" && (labels.threshold ?? 0) <= 0.8); // prettier-ignore
  const { outcome } = await run(trials, { sweep: { ratios: () => null } });
  assert.equal(outcome.state.trials.failed, 2);
  assert.match(outcome.state.rows.at(-1)?.message ?? "", /no directionality ratios of epoch 6/);
});

test("a trial that is killed is said to have been, with memory and remedy, in the sweep, its run and its results", async () => {
  const [trial] = six;
  const { sweep, outcome, folder } = await run([trial!], { faults: { [trial!.id]: ["kill", "kill"] } });
  const why = /^killed by SIGKILL, most likely by the system for want of memory.*--memory.*--jobs/;
  assert.match(outcome.state.rows[0]!.message!, why);
  const { status, error } = readRunInfo(sweep.path(sweep.plan().tasks[0]!));
  assert.equal(status, "failed");
  assert.match(error!, why);
  assert.deepEqual([...sweepResults(folder).array("status")], ["failed"]);
});

test("a trial that failed before it had a run is not shown as waiting, and what waits for it is blocked, until it is tried again", async () => {
  const prefix = new Sweep(newFolder(), { trials: six, ratios: fakeRatios, groupLayers: null }).plan().tasks[0]!;
  const usage = { [prefix.id]: ["usage"] };
  const { folder } = await run(six, { faults: usage });
  const statuses = new Set(sweepResults(folder).array("status"));
  assert.deepEqual(statuses, new Set(["blocked"]));
  const opened = new Sweep(folder, { write: false });
  const { status, message } = opened.state(opened.plan().tasks[0]!);
  assert.equal(status, "failed");
  assert.match(message!, /^exit code 2/);
  const again = await run(null, { folder });
  assert.equal(again.outcome.state.trials.done, six.length);
  assert.deepEqual(new Set(sweepResults(folder).array("status")), new Set(["done"]));
});
