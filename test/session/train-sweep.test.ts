import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { reproductionTrials, Sweep, trainSweep } from "../../src";
import type { SweepSnapshot } from "../../src/advanced";
import { followSweep } from "../../src/session/follow-sweep";

const trials = reproductionTrials("ga", { scale: "demo" }).slice(0, 1);

test("a sweep whose trials cannot be started says so, and goes on being a sweep", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "gradamp-train-sweep-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const said: string[] = [];
  t.mock.method(process.stderr, "write", (text: string) => said.push(text) > 0);
  const sweep = new Sweep(join(folder, "mine"), { trials, groupLayers: null });
  const listeners = process.listenerCount("SIGINT");
  const states: SweepSnapshot[] = [];
  const command = [process.execPath, "-e", "process.exit(1)", "--"];
  const { state } = await trainSweep(sweep, { command, interval: 20, onProgress: (now) => void states.push(now) });
  t.mock.restoreAll();
  assert.equal(state.trials.failed, 1);
  assert.ok(states.length > 0);
  assert.match(said.join(""), /failed: /);
  assert.match(said.join(""), /mine: 0 of 1 trials, 0 % of \d+ epochs, 1 failed\n$/);
  assert.equal(process.listenerCount("SIGINT"), listeners);
});

test("a failed trial is told once", (t) => {
  const said: string[] = [];
  t.mock.method(process.stderr, "write", (text: string) => said.push(text) > 0);
  const row = {
    task: "a",
    kind: "trial",
    status: "failed",
    first: 1,
    last: 2,
    epoch: 0,
    secondsPerEpoch: null,
  } as const;
  const state: SweepSnapshot = {
    rows: [{ ...row, etaSeconds: null, message: "no disk", where: null }],
    trials: { total: 1, done: 0, failed: 1, running: 0 },
    epochs: { asked: 2, planned: 2, done: 0 },
    etaSeconds: null,
  };
  const follower = followSweep("s");
  follower.update(state);
  follower.update(state);
  follower.end(state);
  t.mock.restoreAll();
  assert.equal(said.filter((text) => text === "a failed: no disk\n").length, 1);
});
