import assert from "node:assert/strict";
import { test } from "node:test";
import { table } from "arquero";
import { againstBaseline, bestOf, overSeeds, pairedImprovement, toText } from "../../../src/tables";

const runs = table({
  model: ["a", "a", "a", "b", "b", "c"],
  seed: [1, 2, 3, 1, 2, 1],
  testAccuracy: [0.5, NaN, 0.7, 0.4, 0.4, null],
  trainLoss: [1, Infinity, 3, 2, 4, 5],
});

test("means over seeds say how many values they are without", () => {
  const averaged = overSeeds(runs, { confidence: 0.95 });
  assert.deepEqual(averaged.array("runs"), [3, 2, 1]);
  assert.deepEqual(averaged.array("testAccuracyLeftOut"), [1, 0, 1]);
  assert.deepEqual((averaged.array("testAccuracy") as number[]).map((value) => value && Math.round(value * 100)), [60, 40, null]); // prettier-ignore
  assert.deepEqual(averaged.array("trainLoss"), [2, 3, 5]);
  assert.deepEqual(averaged.array("trainLossLeftOut"), [1, 0, 0]);
  assert.match(toText(averaged), /Test acc left out/);
});

test("where nothing is left out there is no such column", () => {
  const whole = overSeeds(runs.filter("d => d.model === 'b'"));
  assert.deepEqual(whole.columnNames(), ["model", "runs", "testAccuracy", "trainLoss", "trainLossDeviation"]);
});

test("the best of a group says how many had no value, and a group of none is there", () => {
  const best = bestOf(runs, { by: ["model"], value: "testAccuracy" });
  assert.deepEqual(best.array("model"), ["a", "b", "c"]);
  assert.deepEqual(best.array("seed"), [3, 1, 1]);
  assert.deepEqual(best.array("leftOut"), [1, 0, 1]);
  const least = bestOf(runs, { by: ["model"], value: "trainLoss", direction: "min" });
  assert.deepEqual([least.array("seed"), least.array("leftOut")], [[1, 1, 1], [1, 0, 0]]); // prettier-ignore
  assert.deepEqual(bestOf(runs.filter("d => d.model === 'b'"), { by: ["model"], value: "testAccuracy" }).columnNames(), runs.columnNames()); // prettier-ignore
});

const methods = table({
  dataset: ["d", "d", "d", "d", "d"],
  model: ["m", "m", "m", "m", "m"],
  method: ["original", "original", "original", "ga", "ga"],
  seed: [1, 2, 3, 1, 2],
  testAccuracy: [0.5, NaN, 0.7, 0.6, 0.8],
});

test("a baseline that diverged is left out of the baselines' mean, and counted", () => {
  const against = againstBaseline(methods);
  assert.deepEqual((against.array("baseline") as number[]).map((value) => Math.round(value * 1e3)), [600, 600]); // prettier-ignore
  assert.deepEqual(against.array("baselineLeftOut"), [1, 1]);
});

test("paired improvements count pairs, and what is left out beside them", () => {
  const paired = pairedImprovement(methods);
  assert.deepEqual(paired.array("testAccuracyLeftOut"), [1, 0]);
  assert.deepEqual([paired.array("runs"), paired.array("pairs")], [[3, 2], [0, 1]]); // prettier-ignore
});
