import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import type { TrialSpec } from "../../../src/experiments";
import { runOnSlurm, type SlurmOptions, Sweep, type SweepSnapshot } from "../../../src/sweeps";
import { aliveJobs } from "../../../src/sweeps/slurm/run-on-slurm";
import { sacct, scontrolShow } from "../../../src/sweeps/slurm/slurm-commands";
import { lossesOf } from "../fake-numbers";
import { fakeRatios, fakeRun, shortTrials } from "../fake-trials";
import { fakeEngine } from "./fake-engine";
import { missingPrograms, PrivateSlurm } from "./private-slurm";

const missing = missingPrograms();

test("Slurm is installed", () => {
  assert.deepEqual(missing, [], "these programs are missing: on Debian, apt-get install slurm-wlm munge");
});

describe("sweeps on a real Slurm", { skip: missing.length > 0 ? "Slurm is not installed" : false }, () => {
  const base = mkdtempSync(join(tmpdir(), "gradamp-slurm-sweep-"));
  let slurm: PrivateSlurm;
  let count = 0;
  before(async () => {
    slurm = await PrivateSlurm.start();
    Object.assign(process.env, { SLURM_CONF: slurm.conf });
  });
  after(async () => {
    await slurm.stop();
    rmSync(base, { recursive: true, force: true });
  });

  const six = shortTrials("ga", "s2", ({ model, labels }) => model.name === "vgg19" && labels.group === "bn" && /^S2_0\.[13]_0\.[123]$/.test(labels.params ?? "")); // prettier-ignore

  /** A sweep whose jobs take `ms` an epoch, and a way to meddle with it while it goes on. */
  async function run(
    trials: readonly TrialSpec[] | null,
    options: {
      folder?: string;
      ms?: number;
      slurm?: SlurmOptions;
      faults?: Record<string, (string | null)[]>;
      /** Called at every look until it returns true. */
      meddle?: (state: SweepSnapshot, sweep: Sweep) => boolean | Promise<boolean>;
      signal?: AbortSignal;
    } = {},
  ) {
    const { folder = join(base, `sweep-${count++}`), ms = 100, meddle, faults = {}, signal } = options;
    const sweep = new Sweep(folder, { trials, ratios: fakeRatios, groupLayers: null });
    const faultFile = join(folder, "faults.json");
    const trace = join(folder, "trace");
    if (!existsSync(faultFile)) writeFileSync(faultFile, JSON.stringify(faults));
    Object.assign(process.env, { FAKE_EPOCH_MS: String(ms), FAKE_FAULTS: faultFile, FAKE_TRACE: trace });
    const states: SweepSnapshot[] = [];
    const warnings: string[] = [];
    let meddled = false;
    let meddling: Promise<void> = Promise.resolve();
    const outcome = await runOnSlurm(sweep, {
      ...fakeEngine,
      slurm: options.slurm ?? {},
      interval: 500,
      ...(signal ? { signal } : {}),
      onWarning: (text) => warnings.push(text),
      onProgress: (state) => {
        states.push(state);
        meddling = meddling.then(async () => {
          if (!meddled && meddle) meddled = await meddle(state, sweep);
        });
      },
    });
    await meddling;
    if (meddle) assert.ok(meddled, "it was meddled with");
    const read = () => readFileSync(trace, "utf8").trim().split("\n").map((line) => JSON.parse(line) as { run: string; gpu: string | null }); // prettier-ignore
    return { sweep, outcome, states, warnings, folder, trace: existsSync(trace) ? read() : [] };
  }

  function checkNumbers(sweep: Sweep): void {
    const plan = sweep.plan();
    for (const trial of sweep.trials) {
      const task = plan.tasks.find(({ id }) => id === plan.taskOf.get(trial.id))!;
      assert.deepEqual(fakeRun(sweep.path(task)).losses, lossesOf(trial), trial.id);
    }
  }
  const running = ({ rows }: SweepSnapshot) => rows.filter(({ status }) => status === "running");
  /** "job 12_3 on n1" → ["12_3", "n1"]. */
  const jobOf = (where: string | null) => /^job (\S+)(?: on (\S+))?$/.exec(where ?? "")?.slice(1) ?? [];

  test("arrays with dependencies train every epoch once, with the numbers of unforked trials", async () => {
    const { sweep, outcome, trace, states, warnings } = await run(six);
    assert.deepEqual(warnings, []);
    assert.equal(outcome.interrupted, false);
    assert.deepEqual(outcome.state.trials, { total: 6, done: 6, failed: 0, running: 0 });
    checkNumbers(sweep);
    assert.equal(trace.length, 9);
    // All was submitted at the first look: a shared prefix, an array of two shared prefixes behind it, and an array of
    // three behind each.
    assert.ok(states[0]?.rows.every(({ status }) => status === "queued" || status === "running"));
    const names = [0, 1, 2, 3, 4].map((at) => existsSync(join(sweep.folder, "slurm", `array-000${at}.sh`)));
    assert.deepEqual(names, [true, true, true, true, false]);
    assert.deepEqual(await aliveJobs(sweep), []);
  });

  test("throttle, GPUs and threads are as asked for", async () => {
    const { outcome, states, trace } = await run(
      six.map((trial, seed) => ({ ...trial, seed })),
      { ms: 150, slurm: { throttle: 2, gpus: 1, partition: "main", memory: "100M", time: "00:10:00" } },
    );
    assert.equal(outcome.state.trials.done, 6);
    // Six seeds have nothing in common: one array of six.
    assert.equal(Math.max(...states.map((state) => running(state).length)), 2);
    assert.ok(trace.every(({ gpu }) => gpu === "0" || gpu === "1"));
  });

  test("after a node failure its trials go on elsewhere, from their last epoch", async () => {
    let lost: string[] = [];
    const { sweep, outcome, states } = await run(
      six.map((trial, seed) => ({ ...trial, seed })),
      {
        ms: 2500,
        meddle: async (state) => {
          const there = running(state).filter(({ where, epoch }) => jobOf(where)[1] === "n1" && epoch >= 2);
          if (there.length === 0) return false;
          lost = there.map(({ task }) => task);
          await slurm.crashNode("n1");
          return true;
        },
      },
    );
    slurm.startNode("n1");
    assert.equal(outcome.state.trials.done, 6);
    checkNumbers(sweep);
    for (const task of lost) {
      const { sessions } = fakeRun(join(sweep.folder, "runs", task)) as { sessions: { epoch: number }[] };
      assert.ok(sessions.length >= 2 && (sessions.at(-1)?.epoch ?? 0) >= 2, `${task} went on`);
    }
    assert.ok(states.some((state) => running(state).some(({ task, where }) => lost.includes(task) && jobOf(where)[1] === "n2"))); // prettier-ignore
    await slurm.untilIdle();
  });

  test("a requeued trial goes on; nobody counts that as a failure", async () => {
    const chosen: string[] = [];
    const { sweep, outcome } = await run(six, {
      ms: 1500,
      meddle: (state) => {
        const row = running(state).find(({ kind, epoch, first }) => kind === "trial" && epoch >= first);
        const [job] = jobOf(row?.where ?? null);
        if (!row || !job) return false;
        chosen.push(row.task);
        slurm.command("scontrol", "requeue", job);
        return true;
      },
    });
    assert.equal(outcome.state.trials.done, 6);
    checkNumbers(sweep);
    assert.ok(fakeRun(join(sweep.folder, "runs", chosen[0] ?? "")).sessions.length >= 2);
  });

  test("a cancelled trial is reported and not trained, until the sweep is called again", async () => {
    const { outcome, folder } = await run(six, {
      ms: 600,
      meddle: (state) => {
        const row = running(state).find(({ kind }) => kind === "trial");
        const [job] = jobOf(row?.where ?? null);
        if (!job) return false;
        slurm.command("scancel", job);
        return true;
      },
    });
    assert.deepEqual([outcome.state.trials.done, outcome.state.trials.failed], [5, 1]);
    const failed = outcome.state.rows.find(({ status }) => status === "failed");
    assert.match(failed?.message ?? "", /^job \d+_\d+ was cancelled/);
    const again = await run(null, { folder });
    assert.equal(again.outcome.state.trials.done, 6);
    checkNumbers(again.sweep);
  });

  test("before the time limit a trial saves its state and is queued again until it is done", async () => {
    const { sweep, outcome, states } = await run(six.slice(0, 1), {
      ms: 4000,
      slurm: { time: "00:01:00", warning: 30 },
    });
    assert.equal(outcome.state.trials.done, 1);
    checkNumbers(sweep);
    const { sessions } = fakeRun(join(sweep.folder, "runs", six[0]!.id)) as { sessions: { epoch: number }[] };
    assert.ok(sessions.length >= 2, `${sessions.length} jobs`);
    assert.ok(states.some(({ rows }) => rows[0]?.status === "queued" && (rows[0].epoch ?? 0) > 0));
  });

  test("a preempted trial comes back when the others have gone", async () => {
    const { sweep, outcome } = await run(six.map((trial, seed) => ({ ...trial, seed })).slice(0, 2), {
      ms: 1500,
      meddle: (state) => {
        if (running(state).filter(({ epoch }) => epoch >= 1).length < 2) return false;
        // All cores of both nodes for a job of higher priority.
        const script = join(base, "high.sh");
        writeFileSync(script, "#!/bin/bash\nsleep 5\n");
        slurm.command("sbatch", "--partition=high", "--nodes=2", "--exclusive", `--output=${base}/high.out`, script);
        return true;
      },
    });
    assert.equal(outcome.state.trials.done, 2);
    checkNumbers(sweep);
    for (const { id } of sweep.trials) assert.ok(fakeRun(join(sweep.folder, "runs", id)).sessions.length >= 2, id);
  });

  test("a trial that fails twice in its job is reported, with what depends on a shared prefix that fails", async () => {
    const sweep = new Sweep(join(base, "unused"), { trials: six, groupLayers: null });
    const prefix = sweep.plan().tasks.find(({ kind, last }) => kind === "shared" && last === 10)!;
    const { outcome, trace } = await run(six, { faults: { [prefix.id]: ["crash", "kill"] } });
    assert.deepEqual(outcome.state.trials, { total: 6, done: 3, failed: 3, running: 0 });
    assert.equal(trace.filter(({ run: name }) => name === prefix.id).length, 2);
    assert.equal(outcome.state.rows.find(({ task }) => task === prefix.id)?.status, "failed");
    assert.equal(outcome.state.rows.filter(({ status }) => status === "blocked").length, 3);
  });

  test("jobs go on though nobody follows, also past an analysis that decides which trials are one", async () => {
    const trials = shortTrials("iga", "params1", ({ model, data, labels }) => model.name === "vgg19" && data.name === "cifar-10" && labels.directionality === "G" && labels.sides === "one" && (labels.threshold ?? 0) <= 1.3); // prettier-ignore
    const controller = new AbortController();
    const { sweep, outcome, folder } = await run(trials, {
      signal: controller.signal,
      meddle: () => {
        controller.abort();
        return true;
      },
    });
    assert.equal(outcome.interrupted, true);
    assert.equal(outcome.state.trials.done, 0);
    const isDone = () => sweep.plan().tasks.every((task) => sweep.state(task).status === "done");
    for (let seconds = 0; seconds < 90 && !isDone(); seconds++) await sleep(1000);
    assert.ok(isDone());
    checkNumbers(new Sweep(folder, { ratios: fakeRatios, groupLayers: null }));
  });

  test("accounting is asked only where it answers, the controller for what has ended", async () => {
    assert.equal(await sacct(["1_0"]), null);
    const ended = await scontrolShow("1_0");
    assert.deepEqual([ended?.state, ended?.exitCode], ["COMPLETED", 0]);
    assert.equal(await scontrolShow("999999"), null);
  });

  test("`gradamp sweep --engine slurm --dry-run` shows scripts that sbatch accepts", () => {
    const file = join(base, "trials.json");
    writeFileSync(file, JSON.stringify(six));
    const words = ["sweep", file, "--out", join(base, "dry"), "--engine", "slurm", "--partition", "main", "--time", "01:00:00", "--throttle", "3", "--dry-run", "--json"]; // prettier-ignore
    const { status, stdout, stderr } = spawnSync(fakeEngine.job[0]!, [fakeEngine.job[1]!, ...words], {
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
    const { scripts } = JSON.parse(stdout) as { scripts: { path: string; text: string; tasks: string[] }[] };
    assert.equal(scripts.length, 4);
    for (const { text, tasks } of scripts) {
      assert.match(text, new RegExp(`#SBATCH --array=0-${tasks.length - 1}%3\n`));
      const script = join(base, "script.sh");
      writeFileSync(script, text.replace(/#SBATCH --dependency.*\n/, ""));
      slurm.command("sbatch", "--test-only", script);
    }
  });
});
