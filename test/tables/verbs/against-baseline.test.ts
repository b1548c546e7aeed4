import assert from "node:assert/strict";
import { test } from "node:test";

import { table } from "arquero";

import { accuracyAgainstRatio } from "../../../src/figures";
import { againstBaseline, overSeeds } from "../../../src/tables";

const results = table({
  model: ["a", "a", "b", "a", "a", "b", "c"],
  dataset: ["d", "d", "d", "d", "d", "d", "d"],
  method: ["original", "original", "original", "amplified", "amplified", "amplified", "amplified"],
  group: [null, null, null, "bn", "bn", "bn", "bn"],
  ampRatio: [null, null, null, 0.1, 0.3, 0.1, 0.1],
  testAccuracy: [0.5, 0.7, 0.4, 0.65, null, 0.45, 0.9],
});

test("each amplified run stands beside the mean and the deviation of its model's originals", () => {
  const rows = againstBaseline(results).objects() as Record<string, number | null>[];
  const close = (found: number | null | undefined, expected: number) =>
    assert.ok(Math.abs((found ?? NaN) - expected) < 1e-12, `${found}, expected ${expected}`);
  assert.deepEqual(
    rows.map(({ model, ampRatio, accuracy }) => [model, ampRatio, accuracy]),
    [
      ["a", 0.1, 0.65],
      ["b", 0.1, 0.45],
      ["c", 0.1, 0.9],
    ],
  );
  close(rows[0]?.["baseline"], 0.6);
  close(rows[0]?.["baselineDeviation"], Math.sqrt(0.02));
  assert.deepEqual([rows[1]?.["baseline"], rows[1]?.["baselineDeviation"]], [0.4, null]);
  assert.deepEqual([rows[2]?.["baseline"], rows[2]?.["baselineDeviation"]], [null, null]);
});

test("is what figures of sweeps draw", () => {
  const { data } = accuracyAgainstRatio(againstBaseline(results));
  assert.ok(data.some(({ y }) => Array.isArray(y) && y.includes(0.65)));
});

test("names the column that is missing", () => {
  assert.throws(() => againstBaseline(results, { value: "validationAccuracy" }), /validationAccuracy/);
});

test("thresholds, rates and factors are settings: they are never averaged as if they were seeds", () => {
  const runs = table({
    model: ["a", "a", "a", "a"],
    threshold: [1, 1, 2, 2],
    seed: [0, 1, 0, 1],
    testAccuracy: [0.9, 0.92, 0.8, 0.82],
  });
  assert.deepEqual(overSeeds(runs).array("testAccuracy"), [0.91, 0.81]);
  assert.deepEqual(overSeeds(runs).array("threshold"), [1, 2]);
});
