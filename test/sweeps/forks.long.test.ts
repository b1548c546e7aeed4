import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import type { TrialSpec } from "../../src/experiments";
import { planOf } from "../../src/experiments/sgd-trial";
import type { StagePlan, StageTuple } from "../../src/spec";
import { packageRoot } from "../../src/files/package-root";
import { readRows } from "../../src/runs/segments/read-rows";
import { runLocally, Sweep } from "../../src/sweeps";

const base = mkdtempSync(join(tmpdir(), "gradamp-forks-"));
after(() => rmSync(base, { recursive: true, force: true }));

const labels = { model: "VGG08 BN", method: "amplified", strategy: null, params: null, group: null, ampRatio: null, ampFactor: null, threshold: null, directionality: null, sides: null, reselect: null } as const; // prettier-ignore
function trial(
  id: string,
  { list, ...plan }: Partial<StagePlan> & { readonly list: readonly StageTuple[] },
): TrialSpec {
  return {
    id,
    name: id,
    paper: null,
    part: "",
    model: { name: "vgg08-bn", options: { classes: 10, width: 4 } },
    data: { name: "embedded", classes: 10, augmentation: { pad: 4, flip: true }, train: 120, validation: 40, test: 40, seed: 0 }, // prettier-ignore
    seed: 3,
    epochs: list.at(-1)![0],
    batchSize: 40,
    optimizer: { name: "sgd", momentum: 0.9, weightDecay: 1e-4 },
    stages: planOf(list, { group: null, scope: "backprop", intelligent: null, ...plan }),
    clipNorm: null,
    measure: { statistics: ["gradientFlow"], every: "epoch", reduce: "last" },
    validate: "epoch",
    test: "end",
    testWeights: "last",
    labels,
  };
}
const random = (id: string, first: number, second: number) =>
  trial(id, { list: [[2, 0.05, 0, 1], [4, 0.05, first, 2], [5, 0.01, second, 2]], group: "bn" }); // prettier-ignore
const chosen = (id: string, threshold: number, directionality: "G" | "GPrime" = "G") =>
  trial(id, {
    list: [[2, 0.05, 0, 1], [5, 0.05, 1, 2], [8, 0.01, 1, 2]], // prettier-ignore
    intelligent: { directionality, sides: "one", threshold, reselect: "stage", analyse: "continue" },
  });

/** A run's rows without what the clock says. */
function rowsOf(folder: string) {
  const epochs = readRows(folder, "epochs").map(({ seconds: _, imagesPerSecond: __, ...row }) => row);
  return { epochs, gradients: readRows(folder, "gradients"), directionality: readRows(folder, "directionality") };
}

test("forked trials end with the very numbers of unforked ones, row by row", async () => {
  // 0.1 and 0.2 of seven layers are one layer: they share epochs 3 and 4, too. A threshold of 5 selects none.
  const trials = [
    random("ratio-1", 0.1, 0),
    random("ratio-2", 0.2, 0.5),
    random("ratio-3", 0.6, 0),
    chosen("low", 0.3),
    chosen("near", 0.31),
    chosen("prime", 0.3, "GPrime"),
    chosen("high", 5),
  ];
  const sweep = new Sweep(join(base, "forked"), { trials });
  const { state } = await runLocally(sweep);
  assert.deepEqual([state.trials.done, state.trials.failed], [7, 0]);
  const plan = sweep.plan();
  const task = (id: string) => plan.tasks.find((one) => one.id === plan.taskOf.get(id))!;
  assert.equal(task("ratio-1").from?.task, task("ratio-2").from?.task);
  assert.equal(task("ratio-1").from?.epoch, 4);
  assert.equal(task("low").from?.epoch !== undefined, true);
  assert.ok(plan.epochs.planned < plan.epochs.asked, JSON.stringify(plan.epochs));

  for (const one of trials) {
    const alone = new Sweep(join(base, `alone-${one.id}`), { trials: [one] });
    await runLocally(alone);
    const own = rowsOf(join(alone.folder, "runs", one.id));
    assert.equal(own.epochs.length, one.epochs);
    assert.deepEqual(rowsOf(sweep.path(task(one.id))), own, one.id);
  }
});

test("`gradamp sweep`, interrupted, goes on where it stopped and prints the results", async () => {
  const file = join(base, "trials.json");
  const folder = join(base, "interrupted");
  writeFileSync(file, JSON.stringify([random("a", 0.1, 0), random("b", 0.6, 0)]));
  const command = [join(packageRoot(), "bin", "gradamp.cjs"), "sweep", file, "--out", folder, "--jobs", "1", "--json"];
  const start = () => {
    const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (text) => (stdout += String(text)));
    child.stderr.on("data", (text) => (stderr += String(text)));
    return { child, ended: once(child, "close").then(([code]) => ({ code: code as number, stdout, stderr })) };
  };
  const first = start();
  const prefix = new Sweep(folder, { trials: [random("a", 0.1, 0), random("b", 0.6, 0)], write: false }).plan()
    .tasks[0]!;
  const progress = join(folder, prefix.folder, "run.json");
  while (!existsSync(progress) || !readFileSync(progress, "utf8").includes('"epoch": 1,')) await sleep(50);
  first.child.kill("SIGINT");
  const { code, stdout } = await first.ended;
  assert.equal(code, 130);
  assert.deepEqual(JSON.parse(stdout), {
    error: { message: "Interrupted", remedy: "The same command goes on where it stopped", exitCode: 130 },
  });

  const second = await start().ended;
  assert.equal(second.code, 0, second.stderr);
  const { trials } = JSON.parse(second.stdout) as { trials: { run: string; status: string; epochs: number }[] };
  assert.deepEqual(
    trials.map(({ run, status, epochs }) => [run, status, epochs]),
    [
      ["a", "done", 5],
      ["b", "done", 5],
    ],
  );
});
