import assert from "node:assert/strict";
import { test } from "node:test";
import { interleave } from "../../bench/measure/interleave";
import { measurePairs } from "../../bench/measure/measure-pairs";
import { fakeRunner } from "./fake-runner";

const settings = { repeats: 2, seconds: 0.1, steps: 3, pause: 0, available: () => null };

test("runners take turns, each with as many steps as fill the time", async () => {
  const log: string[] = [];
  const [fast, slow] = [fakeRunner("fast", { ms: 10, log }), fakeRunner("slow", { ms: 500, log })];
  const measured = await interleave([fast, slow], settings);
  assert.deepEqual(log, [
    ...["start fast", "fast 1", "fast 3", "start slow", "slow 1", "slow 3"],
    ...["fast 10", "slow 3", "fast 10", "slow 3"],
    ...["stop fast", "stop slow"],
  ]);
  assert.deepEqual([measured.get(fast), measured.get(slow)], [{ runs: [10, 10] }, { runs: [500, 500] }]);
});

test("one that breaks does not take the others with it", async () => {
  const [good, bad] = [fakeRunner("good"), fakeRunner("bad", { failAt: 4 })];
  const measured = await interleave([bad, good], settings);
  const failed = measured.get(bad)!;
  assert.match("failure" in failed ? failed.failure.message : "", /bad is broken/);
  assert.deepEqual(measured.get(good), { runs: [1, 1] });
});

test("of rivals, a hopelessly slow one is not repeated", async () => {
  const runners = [fakeRunner("a 1", { ms: 100 }), fakeRunner("a 2", { ms: 210 }), fakeRunner("b 1", { ms: 900 })];
  const measured = await interleave(runners, { ...settings, rivals: ({ label }) => label[0]! });
  assert.deepEqual(
    runners.map((runner) => measured.get(runner)),
    [{ runs: [100, 100] }, { runs: [210] }, { runs: [900, 900] }],
  );
});

test("where memory is short, the one that ran last makes room", async () => {
  const log: string[] = [];
  const gigabytes = 2 ** 30;
  const runners = ["a", "b", "c"].map((label) => fakeRunner(label, { held: 4 * gigabytes, log }));
  const available = () => 10 * gigabytes - runners.reduce((sum, runner) => sum + (runner.memory()?.held ?? 0), 0);
  const measured = await interleave(runners, { ...settings, repeats: 1, seconds: 0.003, available });
  assert.deepEqual(log, [
    ...["start a", "a 1", "a 3", "start b", "b 1", "b 3", "stop b", "start c", "c 1", "c 3"],
    ...["a 3", "stop a", "start b", "b 1", "b 3", "c 3"],
    ...["stop b", "stop c"],
  ]);
  assert.deepEqual(
    runners.map((runner) => measured.get(runner)),
    runners.map(() => ({ runs: [1] })),
  );
});

test("pairs alternate in order; after five both are started anew, the other one first", async () => {
  const log: string[] = [];
  const make = () => ({ subject: fakeRunner("on", { ms: 4, log }), other: fakeRunner("off", { ms: 3, log }) });
  const { ratio, pairs } = await measurePairs(make, { pairs: 12, steps: 5, pause: 0 });
  assert.deepEqual({ ratio, pairs }, { ratio: 0.75, pairs: 12 });
  const [on, off] = [
    ["start on", "on 5"],
    ["start off", "off 5"],
  ];
  const [onOff, offOn] = [
    ["on 5", "off 5"],
    ["off 5", "on 5"],
  ];
  const stop = ["stop on", "stop off"];
  assert.deepEqual(log, [
    ...[...on!, ...off!, ...onOff!, ...offOn!, ...onOff!, ...offOn!, ...onOff!, ...stop],
    ...[...off!, ...on!, ...offOn!, ...onOff!, ...offOn!, ...onOff!, ...offOn!, ...stop],
    ...[...on!, ...off!, ...onOff!, ...offOn!, ...stop],
  ]);
});
