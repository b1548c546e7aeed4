import assert from "node:assert/strict";
import { test } from "node:test";

import { trials } from "../../src/experiments";
import { planSweep, type SweepTask } from "../../src/sweeps";
import { chainLengths, remainingSeconds, type TaskWork } from "../../src/sweeps/schedule";
import { snapshot } from "../../src/sweeps/snapshot";
import type { TaskState } from "../../src/sweeps/task-state";

const [trial] = trials("vgp");
const task = (id: string, first: number, last: number, from: string | null = null): SweepTask => ({
  id,
  folder: id,
  kind: "trial",
  trial: trial!,
  from: from === null ? null : { task: from, epoch: first - 1 },
  first,
  last,
  serves: [id],
  tentative: false,
});
/** A shared prefix of 10 epochs with two trials of 20 more, and a trial of 15 by itself. */
const tasks = [task("prefix", 1, 10), task("alone", 1, 15), task("a", 11, 30, "prefix"), task("b", 11, 30, "prefix")];
const work = (of: Record<string, number>, running: readonly string[] = []) =>
  new Map(Object.entries(of).map(([id, epochs]): [string, TaskWork] => [id, { epochs, secondsPerEpoch: 2, running: running.includes(id) }])); // prettier-ignore
const all = work({ prefix: 10, alone: 15, a: 20, b: 20 });

test("the longest chain of a task counts what starts from it", () => {
  assert.deepEqual([...chainLengths(tasks)].sort(), [
    ["a", 20],
    ["alone", 15],
    ["b", 20],
    ["prefix", 30],
  ]);
});

const cases: [string, ReadonlyMap<string, TaskWork>, number, number][] = [
  ["one at a time", all, 1, 130],
  // 0 – 20 prefix, 20 – 60 a; 0 – 30 alone, 30 – 70 b.
  ["two at a time", all, 2, 70],
  // Nothing shortens prefix and a.
  ["a hundred at a time", all, 100, 60],
  ["the shared prefix done", work({ alone: 15, a: 20, b: 20 }), 2, 70],
  ["half an epoch of it left", work({ a: 0.5 }), 3, 1],
  ["what runs goes first", work({ alone: 5, a: 20, b: 20 }, ["alone"]), 2, 50],
  ["nothing left", new Map(), 2, 0],
];
for (const [name, remaining, slots, seconds] of cases) {
  test(`time left, ${name}`, () => assert.equal(remainingSeconds(tasks, remaining, slots), seconds));
}

test("a snapshot tells the time of what was not trained yet from what was", () => {
  const plan = planSweep(trials("vgp").slice(0, 2));
  const [first, second] = plan.tasks;
  const state = (of: Partial<TaskState>): TaskState => ({ status: "absent", epoch: 0, secondsPerEpoch: null, peakMemory: null, message: null, ...of }); // prettier-ignore
  const of = (states: Record<string, TaskState>) => snapshot(plan, new Map(Object.entries(states)), new Map([[first!.id, { status: "running" as const, where: "pid 7" }]]), 1); // prettier-ignore
  assert.equal(of({}).etaSeconds, null);
  const half = of({ [first!.id]: state({ status: "running", epoch: 50, secondsPerEpoch: 3 }) });
  assert.equal(half.etaSeconds, 50 * 3 + 100 * 3);
  assert.deepEqual(half.rows[0], {
    task: first!.id,
    kind: "trial",
    status: "running",
    first: 1,
    last: 100,
    epoch: 50,
    secondsPerEpoch: 3,
    etaSeconds: 150,
    message: null,
    where: "pid 7",
  });
  assert.deepEqual(half.epochs, { asked: 200, planned: 200, done: 50 });
  assert.deepEqual(half.trials, { total: 2, done: 0, failed: 0, running: 1 });
  // VGG38 takes longer than VGG08 once that is known.
  const later = of({
    [first!.id]: state({ status: "done", epoch: 100, secondsPerEpoch: 3 }),
    [second!.id]: state({ status: "interrupted", epoch: 10, secondsPerEpoch: 20 }),
  });
  assert.equal(later.etaSeconds, 90 * 20);
});
