import assert from "node:assert/strict";
import { test } from "node:test";

import { table } from "arquero";

import { crossTable, overSeeds, pairedImprovement, toMarkdown } from "../../../src/tables";
import { pairedDifference, summarise } from "../../../src/statistics";

const lines = (input: ReturnType<typeof table>) => toMarkdown(input).replaceAll("\\", "").split("\n");

const runs = table({
  run: ["1", "2", "3", "4", "5", "6", "7"],
  model: ["a", "a", "a", "a", "a", "a", "b"],
  method: ["original", "original", "original", "G", "G", "G", "G"],
  seed: [1, 2, 3, 3, 2, 1, 1],
  testAccuracy: [0.91, 0.9, 0.92, 0.93, 0.914, 0.921, 0.5],
});

test("each setting has its mean with interval, and its difference from the baseline seed by seed", () => {
  const [original, amplified, alone] = pairedImprovement(runs).objects() as Record<string, number | null>[];
  const own = summarise([0.93, 0.914, 0.921]);
  const difference = pairedDifference(
    [0.921, 0.914, 0.93].map((value, seed) => ({ seed, value })),
    [0.91, 0.9, 0.92].map((value, seed) => ({ seed, value })),
  );
  assert.equal(original?.["testAccuracyImprovement"], null);
  assert.equal(original?.["pairs"], 0);
  assert.equal(amplified?.["runs"], 3);
  assert.equal(amplified?.["pairs"], 3);
  const close = (found: number | null | undefined, expected: number | null) =>
    assert.ok(Math.abs((found ?? NaN) - (expected ?? NaN)) < 1e-12, `${found}, expected ${expected}`);
  close(amplified?.["testAccuracy"], own.mean);
  close(amplified?.["testAccuracyInterval"], ((own.high ?? NaN) - (own.low ?? NaN)) / 2);
  close(amplified?.["testAccuracyImprovement"], difference.mean);
  close(amplified?.["testAccuracyImprovementInterval"], ((difference.high ?? NaN) - (difference.low ?? NaN)) / 2);
  close(amplified?.["testAccuracyPValue"], difference.pValue);
  // Model b has no baseline.
  assert.equal(alone?.["testAccuracyImprovement"], null);
  assert.equal(alone?.["pairs"], 0);
});

test("intervals are printed in their value's cell, also where that stands in another's cell", () => {
  const paired = pairedImprovement(runs.filter((d: { model: string }) => d.model === "a"));
  assert.deepEqual(lines(paired).slice(0, 4), [
    "| Model | Method | Runs | Test acc (%) | Test acc p | Pairs |",
    "| :-- | :-- | --: | --: | --: | --: |",
    "| a | original | 3 | 91.00 ± 1.00 [± 2.48] | – | 0 |",
    "| a | G | 3 | **92.17 ± 0.80 [± 1.99] (+1.17 [± 0.52])** | 0.010 | 3 |",
  ]);
  assert.equal(
    lines(crossTable(paired))[2],
    "| a | 91.00 ± 1.00 [± 2.48] | **92.17 ± 0.80 [± 1.99] (+1.17 [± 0.52])** |",
  );
});

test("overSeeds gives intervals on request", () => {
  assert.ok(!overSeeds(runs).columnNames().includes("testAccuracyInterval"));
  const rows = overSeeds(runs, { confidence: 0.95 }).objects() as Record<string, number | null>[];
  assert.deepEqual(
    rows.map((row) => row["testAccuracyInterval"]?.toFixed(6) ?? null),
    // Deviations 0.01 and 0.008021, times t(2) / √3 = 2.484138.
    ["0.024841", "0.019925", null],
  );
});

test("a run that diverged is left out of its pair, and a seed that comes twice is refused", () => {
  const rows = [
    ["original", 1, 0.5],
    ["original", 2, 0.5],
    ["original", 3, 0.5],
    ["G", 1, 0.75],
    ["G", 2, NaN],
    ["G", 3, 0.75],
  ] as const;
  const of = (list: readonly (readonly [string, number, number])[]) =>
    table({
      method: list.map((row) => row[0]),
      seed: list.map((row) => row[1]),
      testAccuracy: list.map((row) => row[2]),
    });
  const found = pairedImprovement(of(rows)).object(1) as Record<string, number>;
  assert.deepEqual([found["pairs"], found["testAccuracyImprovement"]], [2, 0.25]);
  assert.throws(() => pairedImprovement(of([...rows, ["G", 1, 0.5]])), /two for 1/);
});
