import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import type { DashboardEvent } from "../../src/live/dashboard-event";
import { comparedRuns } from "../../src/live/compared-runs";
import { emptyDashboard, type DashboardState } from "../../src/live/dashboard-state";
import { FolderFollower } from "../../src/live/follow-folder";
import { followTraining } from "../../src/live/follow-training";
import { foldEvent } from "../../src/live/fold-event";
import { LiveDashboard } from "../../src/live/live-dashboard";
import { terminalOutlet } from "../../src/live/terminal-outlet";
import { watch } from "../../src/live";
import { recordTraining } from "../../src/runs";
import { stages } from "../../src/amplification";
import { tf } from "../../src/tensorflow";
import { train } from "../../src/session/train";
import { startTraining } from "../../src/training";
import { tinyData, tinyModel } from "../support/tiny";
import { facts, longRun } from "./long-run";

const folder = mkdtempSync(join(tmpdir(), "gradamp-live-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const plan = stages([[1, 0.1, 0, 1], [3, 0.01, 0.5, 2]], { group: "relu" }); // prettier-ignore

/** What a run's seconds and speeds leave alone. */
const lasting = ({ facts, epochs, layers, flow, stage, selection, status }: DashboardState) => ({ facts, epochs, layers, flow, stage, selection, status }); // prettier-ignore

test("a dashboard of a folder, looked at while it is written and after, is the one of the run itself", async () => {
  const place = join(folder, "a");
  const run = await recordTraining(tinyModel(), tinyData(), { stages: plan, batchSize: 25 }, { folder: place });
  const empty = emptyDashboard({ ...facts, name: run.name });
  const states = { run: empty, early: empty, late: empty };
  const fold = (name: keyof typeof states) => (event: DashboardEvent) =>
    void (states[name] = foldEvent(states[name], event));
  followTraining(run, fold("run"));
  const early = new FolderFollower(place);
  const seen: number[] = [];
  const looks: Promise<unknown>[] = [];
  run.on("progress", () => {
    looks.push(early.look(fold("early")));
    seen.push(states.early.epochs.entries.length);
  });
  await run.finished;
  await Promise.all(looks);
  assert.equal(await early.look(fold("early")), true);
  const late = new FolderFollower(place);
  assert.deepEqual([late.facts().name, late.facts().options["epochs"]], [run.name, 3]);
  await late.look(fold("late"));
  assert.deepEqual(lasting(states.early), lasting(states.run));
  assert.deepEqual(lasting(states.late), lasting(states.run));
  assert.ok(
    seen.some((epochs) => epochs > 0 && epochs < 3),
    `epochs were seen as they came: ${seen.join()}`,
  );
  assert.equal(states.run.epochs.entries.length, 3);
  assert.equal(states.run.status, "finished");
  assert.ok(states.run.flow.entries.length > 0);
  assert.ok(!readdirSync(place).includes("progress.json"));
});

test("watching keeps no tensors, and an interrupt leaves the last dashboard", async () => {
  const model = tinyModel();
  const data = tinyData();
  await train(model, data, { epochs: 1, batchSize: 25, progress: false });
  const before = tf.memory().numTensors;
  const shown: [DashboardState, string][] = [];
  const run = startTraining(model, data, { epochs: 50, batchSize: 25 });
  const live = new LiveDashboard(emptyDashboard(run), {
    interval: 1,
    update: (state, how) => void shown.push([state, how]),
  });
  followTraining(run, (event) => live.take(event));
  run.on("epoch", ({ row }) => row.epoch === 2 && run.stop());
  await run.finished;
  assert.equal(tf.memory().numTensors, before);
  const [state, how] = shown.at(-1)!;
  assert.equal(how, "last");
  assert.equal(state.status, "interrupted");
  assert.deepEqual(state.epochs.entries.map(({ epoch }) => epoch), run.epochs.map(({ epoch }) => epoch)); // prettier-ignore
});

describe("watch", () => {
  /** What goes to standard error meanwhile. */
  async function heard(work: () => Promise<unknown>): Promise<string> {
    const { write } = process.stderr;
    let text = "";
    process.stderr.write = ((chunk: string) => {
      text += chunk;
      return true;
    }) as typeof write;
    try {
      await work();
    } finally {
      process.stderr.write = write;
    }
    return text;
  }
  const options = { epochs: 1, batchSize: 25, name: "small" };
  test("follows the next run of a network", async () => {
    const model = tinyModel();
    const text = await heard(async () => {
      const handle = watch(model);
      await train(model, tinyData(), options);
      await handle.finished;
    });
    assert.match(text, /^small: finished, epoch 1\/1 · loss /m);
  });
  test("follows what ga.train has begun, and a run that is over", async () => {
    const text = await heard(async () => {
      const training = train(tinyModel(), tinyData(), options);
      const handle = watch(training);
      const run = await training;
      await handle.finished;
      await watch(run).finished;
    });
    assert.equal(text.match(/^small: finished/gm)?.length, 2);
  });
  test("follows a folder", async () => {
    const text = await heard(() => watch(join(folder, "a")).finished);
    assert.match(text, /finished, epoch 3\/3/);
  });
  test("follows several runs together, and a folder of runs, until all have ended", async () => {
    const runs = ["one", "two"].map((name) =>
      recordTraining(tinyModel(), tinyData(), { ...options, name }, { folder: join(folder, "sweep", name) }),
    );
    const begun = await Promise.all(runs);
    const text = await heard(async () => {
      await watch(begun).finished;
      await watch(join(folder, "sweep")).finished;
    });
    for (const name of ["one", "two"]) assert.equal(text.match(new RegExp(`^${name}: finished`, "gm"))?.length, 2);
    assert.throws(() => watch([]), /at least one run to watch but found an empty list/);
    assert.throws(() => watch([3 as never]), /Expected a run, what ga.train returned/);
  });
  test("says what it waits for where there is nothing yet", async () => {
    const model = tinyModel();
    const text = await heard(async () => watch(model).stop());
    assert.match(text, new RegExp(`^Waiting for ga.train to train ${model.name}$`, "m"));
  });
  test("refuses what cannot be watched", () => {
    assert.throws(() => watch(Promise.resolve() as never), /Expected the promise that ga.train returned/);
    assert.throws(() => watch(3 as never), /Expected a run, what ga.train returned, .* but found number/);
    assert.throws(() => watch("/nowhere/at/all"), /Expected .*run.json to describe a run/);
    assert.throws(() => watch("x", { theme: "blue" as never }), /Expected theme to be/);
    assert.throws(() => watch("x", { every: 0 }), /Expected every to be above 0/);
  });
  test("stops when it is told to, and the run goes on", async () => {
    const run = startTraining(tinyModel(), tinyData(), { ...options, epochs: 2 });
    await heard(async () => {
      const handle = watch(run);
      handle.stop();
      await handle.finished;
    });
    await run.finished;
    assert.equal(run.status, "finished");
  });
});

test("runs that are watched together are sorted by their best accuracy, then by loss; unknown ones come last", () => {
  const run = (name: string, accuracy: number | null, trainLoss: number | null): DashboardState => {
    const state = emptyDashboard({ ...facts, name });
    if (trainLoss === null) return state;
    const [event] = [...longRun({ epochs: 1, layers: 1 })].filter(({ kind }) => kind === "epoch");
    assert.ok(event?.kind === "epoch");
    return foldEvent(state, { ...event, row: { ...event.row, trainLoss, validationAccuracy: accuracy } });
  };
  const sorted = comparedRuns([
    run("waiting", null, null),
    run("worse", 0.5, 1),
    run("diverged", null, NaN),
    run("best", 0.9, 2),
    run("equal, lower loss", 0.5, 0.5),
  ]);
  assert.deepEqual(
    sorted.map(({ name, best }) => [name, best]),
    [
      ["best", "90.00% validation"],
      ["equal, lower loss", "50.00% validation"],
      ["worse", "50.00% validation"],
      ["waiting", "–"],
      ["diverged", "–"],
    ],
  );
});

test("updates take no more than their share of the time, however long each takes", () => {
  let clock = 0;
  let updates = 0;
  const outlet = {
    interval: 100,
    update: () => {
      updates++;
      clock += 40;
    },
  };
  const live = new LiveDashboard(emptyDashboard(facts), outlet, () => clock);
  const [event] = longRun({ epochs: 1 });
  while (clock < 1_000_000) {
    clock += 10;
    live.take(event!);
  }
  live.take({ kind: "end", status: "interrupted" });
  assert.ok(updates * 40 < 0.006 * clock, `${updates} updates`);
  assert.ok(updates > 100, `${updates} updates`);
});

test("a terminal is told a line an epoch and each warning once", () => {
  const lines: string[] = [];
  const outlet = terminalOutlet({ write: (text) => lines.push(text) });
  let state = emptyDashboard(facts);
  for (const event of longRun({ epochs: 3, layers: 2 })) {
    state = foldEvent(state, event);
    if (event.kind === "epoch" && event.row.epoch === 2) state = foldEvent(state, { kind: "warning", text: "Beware" });
    outlet.update(state, event.kind === "end" ? "last" : "changed");
  }
  assert.deepEqual(
    lines.map((line) => line.slice(0, 21)),
    [
      "long: epoch 1/150 · l",
      "long: Beware\n",
      "long: epoch 2/150 · l",
      "long: epoch 3/150 · l",
      "long: finished, epoch",
    ],
  );
});
