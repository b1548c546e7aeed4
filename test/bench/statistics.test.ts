import assert from "node:assert/strict";
import { test } from "node:test";
import { pairedRatio } from "../../bench/measure/paired-ratio";
import { quantile, summarise } from "../../bench/measure/summarise";
import { random } from "../../src/datasets/batches/random";

test("quantiles are numpy's", () => {
  // numpy.quantile([7, 1, 3, 2], [0, 0.25, 0.5, 0.75, 1])
  const expected = [1, 1.75, 2.5, 4, 7];
  assert.deepEqual(
    [0, 0.25, 0.5, 0.75, 1].map((share) => quantile([7, 1, 3, 2], share)),
    expected,
  );
  assert.throws(() => quantile([], 0.5), RangeError);
});

test("a row is the median of its repeats, its spread their interquartile range", () => {
  assert.deepEqual(summarise([30, 10, 20, 50, 40]), { msPerStep: 30, spread: 20, runs: [30, 10, 20, 50, 40] });
});

test("equal ratios leave no doubt", () => {
  const { ratio, interval, pairs } = pairedRatio([1, 2, 4], [2, 4, 8]);
  assert.deepEqual({ ratio, interval, pairs }, { ratio: 0.5, interval: [0.5, 0.5], pairs: 3 });
});

test("what both of a pair suffer cancels, and the interval holds the true ratio as often as it says", () => {
  let held = 0;
  for (let trial = 0; trial < 200; trial++) {
    const { uniform } = random(trial);
    const load = Array.from({ length: 30 }, () => uniform(1, 3));
    const { interval } = pairedRatio(
      load.map((factor) => factor * 0.97 * uniform(0.98, 1.02)),
      load.map((factor) => factor * uniform(0.98, 1.02)),
      500,
    );
    assert.ok(interval[1] < 1);
    if (interval[0] <= 0.97 && 0.97 <= interval[1]) held++;
  }
  assert.ok(held >= 180 && held <= 200, `${held} of 200 intervals held the true ratio`);
});

test("pairs are asked for", () => {
  assert.throws(() => pairedRatio([1], [1]), /at least two pairs/);
  assert.throws(() => pairedRatio([1, 2], [1, 2, 3]), /2 and 3 values/);
});
