import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { planSweep, slurmScripts, Sweep } from "../../../src/sweeps";
import { arrayScript, outputPattern } from "../../../src/sweeps/slurm/array-script";
import { runJob } from "../../../src/sweeps/slurm/run-job";
import { slurmArrays } from "../../../src/sweeps/slurm/slurm-arrays";
import { isAlive, parseAccounts, parseJob, parseQueue } from "../../../src/sweeps/slurm/slurm-commands";
import { lossesOf } from "../fake-numbers";
import { fakeRun, fakeTrain, shortTrials } from "../fake-trials";

const base = mkdtempSync(join(tmpdir(), "gradamp-slurm-"));
after(() => rmSync(base, { recursive: true, force: true }));
const six = shortTrials("ga", "s2", ({ model, labels }) => model.name === "vgg19" && labels.group === "bn" && /^S2_0\.[13]_0\.[123]$/.test(labels.params ?? "")); // prettier-ignore

test("tasks become arrays: one for what can start, one for all that wait for the same task", () => {
  const { tasks } = planSweep(six);
  const arrays = slurmArrays(tasks, new Map(), 1000);
  assert.deepEqual(
    arrays.map(({ tasks: of, after: origin }) => [of.length, origin]),
    [
      [1, null],
      [2, { array: 0, element: 0 }],
      [3, { array: 1, element: 0 }],
      [3, { array: 1, element: 1 }],
    ],
  );
  // What is at work already is waited for by its job; what is done not at all.
  const [prefix, first] = tasks;
  const rest = tasks.filter(({ id }) => id !== prefix!.id && id !== first!.id);
  const later = slurmArrays(rest, new Map([[first!.id, "12_3"]]), 1000);
  assert.deepEqual(
    later.map(({ tasks: of, after: origin }) => [of.length, origin]),
    [
      [1, null],
      [3, { job: "12_3" }],
      [3, { array: 0, element: 0 }],
    ],
  );
});

test("an array has at most as many elements as the cluster takes", () => {
  const { tasks } = planSweep(six.map((trial, seed) => ({ ...trial, seed })));
  const sizes = slurmArrays(tasks, new Map(), 4).map(({ tasks: of }) => of.length);
  assert.deepEqual(sizes, [4, 2]);
});

test("a script says what was asked for", () => {
  const of = { name: "s-0", elements: 12, output: "/logs/%A_%a.out", dependency: "afterok:7_2", threads: 4, command: ["/usr/bin/node", "/it's here/bin", "job"] }; // prettier-ignore
  const options = { partition: "gpu", account: "us", qos: "long", constraint: "a100", gpus: 2, memory: "8G", time: "04:00:00", throttle: 3, exclusive: true, warning: 60, more: ["--nice=100"], setup: ["module load cuda"] }; // prettier-ignore
  assert.equal(
    arrayScript(of, options),
    `#!/bin/bash
#SBATCH --job-name=s-0
#SBATCH --array=0-11%3
#SBATCH --output=/logs/%A_%a.out
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:USR1@60
#SBATCH --cpus-per-task=4
#SBATCH --partition=gpu
#SBATCH --account=us
#SBATCH --qos=long
#SBATCH --constraint=a100
#SBATCH --gres=gpu:2
#SBATCH --mem=8G
#SBATCH --time=04:00:00
#SBATCH --exclusive
#SBATCH --dependency=afterok:7_2
#SBATCH --kill-on-invalid-dep=yes
#SBATCH --nice=100
export TF_NUM_INTRAOP_THREADS=4
export OMP_NUM_THREADS=4
module load cuda
exec /usr/bin/node '/it'\\''s here/bin' job
`,
  );
  const plain = arrayScript({ ...of, elements: null, dependency: null }, {});
  assert.doesNotMatch(plain, /#SBATCH --(array|dependency|gres|partition|exclusive|time|mem)/);
  assert.match(plain, /--signal=B:USR1@120/);
  assert.match(plain, /export TF_NUM_INTEROP_THREADS=4/);
});

test("blanks, quotes, percent signs and comments reach sbatch as they are; line breaks are refused", () => {
  const of = { name: `it's "my" sweep #1 \\-0`, elements: null, output: outputPattern("/a b/100%", "slurm-%j.out"), dependency: null, threads: 1, command: ["true"] }; // prettier-ignore
  const script = arrayScript(of, { more: ["--comment=a b"], gpus: "a100:2" });
  assert.match(script, /^#SBATCH --job-name="it's \\"my\\" sweep #1 \\\\-0"$/m);
  assert.match(script, /^#SBATCH --output="\/a b\/100%%\/slurm-%j\.out"$/m);
  assert.match(script, /^#SBATCH --comment="a b"$/m);
  assert.match(script, /^#SBATCH --gres=gpu:a100:2$/m);
  assert.doesNotMatch(script, /INTEROP/);
  assert.throws(() => arrayScript({ ...of, name: "a\nrm" }, {}), /Expected an option of sbatch on one line but found/);
  assert.throws(() => outputPattern("/a\\b", "slurm-%j.out"), /a folder without a backslash/);
});

test("what sbatch cannot be told is refused before anything is written", () => {
  const sweep = new Sweep(join(base, "options"), { trials: six, groupLayers: null });
  const wrong: [object, RegExp][] = [
    [{ partition: "gpu\ntouch /tmp/x" }, /Expected partition to be one line without control characters/],
    [{ account: "" }, /Expected account to say something but found an empty text/],
    [{ time: 60 }, /Expected time to be a text but found 60/],
    [{ gpus: NaN }, /Expected gpus on Slurm to be how many/],
    [{ gpus: -1 }, /Expected gpus on Slurm/],
    [{ gpus: "0,1" }, /Expected gpus on Slurm .* but found "0,1"/],
    [{ throttle: 0.5 }, /Expected throttle to be a whole number above 0/],
    [{ more: ["--nice=1\n--wrap=rm"] }, /Expected more\[0\] to be one line/],
  ];
  for (const [slurm, message] of wrong) assert.throws(() => slurmScripts(sweep, { slurm }), message);
});

test("the scripts of a sweep hold what has not been done, and no trial that waits for an analysis", () => {
  const sweep = new Sweep(join(base, "scripts"), { trials: six, groupLayers: null });
  const scripts = slurmScripts(sweep, { slurm: { throttle: 2 } });
  assert.deepEqual(
    scripts.map(({ tasks }) => tasks.length),
    [1, 2, 3, 3],
  );
  assert.match(scripts[2]!.text, /--dependency="afterok:<job of array 1>_0"\n/);
  const thresholds = shortTrials("iga", "params1", ({ model, data }) => model.name === "vgg19" && data.name === "cifar-10"); // prettier-ignore
  const analysed = slurmScripts(new Sweep(join(base, "analysed"), { trials: thresholds }));
  assert.deepEqual(
    analysed.map(({ tasks }) => tasks.length),
    [1],
  );
});

test("what Slurm's commands print is read", () => {
  const queue = parseQueue(
    "7_0|RUNNING|n1|None\n7_1|PENDING||Dependency\n8|NODE_FAIL|n2|NodeDown\n9_[2-4]|PENDING||Resources\n\n",
  );
  assert.deepEqual(
    [...queue.values()].map(({ id, state, node, reason }) => [id, state, node, reason]),
    [
      ["7_0", "RUNNING", "n1", null],
      ["7_1", "PENDING", null, "Dependency"],
      ["8", "NODE_FAIL", "n2", "NodeDown"],
    ],
  );
  const job = parseJob("7_0", "JobId=8 ArrayJobId=7\n   JobState=FAILED Reason=NonZeroExitCode Dependency=(null)\n   Requeue=1 ExitCode=7:0\n   NodeList=n1\n"); // prettier-ignore
  assert.deepEqual(job, {
    id: "7_0",
    state: "FAILED",
    node: "n1",
    reason: "exit code 7, NonZeroExitCode",
    exitCode: 7,
  });
  assert.equal(parseJob("7_0", "slurm_load_jobs error: Invalid job id specified"), null);
  const killed = parseJob("7_1", "JobState=FAILED Reason=JobLaunchFailure ExitCode=0:9 NodeList=(null)");
  assert.deepEqual([killed?.exitCode, killed?.reason, killed?.node], [null, "signal 9, JobLaunchFailure", null]);
  const accounts = parseAccounts("7_0|CANCELLED by 1000|n1|0:15\n7_0.batch|CANCELLED|n1|0:15\n7_1|COMPLETED|n2|0:0\n");
  assert.deepEqual(
    [...accounts.values()].map(({ id, state, exitCode }) => [id, state, exitCode]),
    [
      ["7_0", "CANCELLED", null],
      ["7_1", "COMPLETED", 0],
    ],
  );
  assert.deepEqual(["PENDING", "RUNNING", "COMPLETING", "COMPLETED", "CANCELLED", "TIMEOUT", ""].map(isAlive), [true, true, true, false, false, false, false]); // prettier-ignore
});

/** A job of the first of the six trials, alone, in a folder of its own. */
async function job(
  name: string,
  faults: (string | null)[],
  requeue: () => Promise<void>,
  signal: "SIGUSR1" | "SIGTERM" | null = null,
) {
  const trial = six[0]!;
  const sweep = new Sweep(join(base, name), { trials: [trial], groupLayers: null });
  const plan = sweep.plan();
  const task = plan.tasks[0]!;
  const file = join(base, `${name}.json`);
  writeFileSync(file, JSON.stringify({ [trial.id]: faults }));
  Object.assign(process.env, { FAKE_FAULTS: file, FAKE_EPOCH_MS: "20" });
  const folder = sweep.path(task);
  const said: string[] = [];
  const command = [...fakeTrain, ...sweep.words(task, plan)];
  const ended = runJob({ id: task.id, folder, last: task.last, command, log: sweep.log(task) }, { requeue, retryHeld: 20, say: (text) => said.push(text) }); // prettier-ignore
  if (signal) {
    // As soon as this job's process is at work, and has done an epoch where it is to do any.
    const before = existsSync(join(folder, "run.json")) ? fakeRun(folder).sessions.length : 0;
    const works = () => {
      if (!existsSync(join(folder, "run.json"))) return false;
      const { sessions, losses } = fakeRun(folder);
      return sessions.length > before && (faults[0] === "hang" || losses.length > 0);
    };
    while (!works()) await sleep(5);
    process.emit(signal, signal);
  }
  return { code: await ended, run: fakeRun(folder), trial, said, log: readFileSync(sweep.log(task), "utf8") };
}
const never = () => Promise.reject(new Error("Expected no requeue but found one"));

test("a job trains its task, starts it again once where it dies, and gives up then", async () => {
  const once = await job("once", ["kill"], never);
  assert.deepEqual([once.code, once.run.losses], [0, lossesOf(once.trial)]);
  const twice = await job("twice", ["kill", "crash"], never);
  assert.equal(twice.code, 1);
  assert.equal(twice.run.sessions.length, 2);
  assert.equal((await job("usage", ["usage"], never).catch(() => null)) === null, true, "no run was begun");
  assert.equal((await job("diverged", ["diverge"], never)).code, 3);
});

test("on the warning before the time limit a job saves its task's state and queues itself again", async () => {
  let requeued = 0;
  const requeue = () => Promise.resolve(void requeued++);
  const { code, run } = await job("warned", [], requeue, "SIGUSR1");
  assert.deepEqual([code, requeued, run.status], [75, 1, "interrupted"]);
  assert.ok(run.losses.length > 0 && run.losses.length < 15);
});

test("a job whose epochs are longer than its time limit ends instead of queueing for ever", async () => {
  let requeued = 0;
  const requeue = () => Promise.resolve(void requeued++);
  for (const expected of [75, 75, 1]) {
    const { code, said } = await job("slow", ["hang", "hang", "hang"], requeue, "SIGUSR1");
    assert.equal(code, expected, said.join("\n"));
  }
  assert.equal(requeued, 2);
});

test("on SIGTERM a job saves its task's state and leaves it to Slurm whether it comes back", async () => {
  const { code, run } = await job("terminated", [], never, "SIGTERM");
  assert.deepEqual([code, run.status], [143, "interrupted"]);
});
