import assert from "node:assert/strict";
import { test } from "node:test";
import { measureGradients, STATISTICS, type StatisticName, statisticColumns } from "../../src/gradients";
import { tf } from "../../src/tensorflow";

/** Every statistic once more, number by number. */
const NAIVE: Record<string, (g: number[], w: number[]) => number> = {
  meanAbs: (g) => g.reduce((sum, x) => sum + Math.abs(x), 0) / g.length,
  l2: (g) => Math.hypot(...g),
  maxAbs: (g) => Math.max(...g.map(Math.abs)),
  zeroShare: (g) => g.filter((x) => x === 0).length / g.length,
  nonFinite: (g) => g.filter((x) => !Number.isFinite(x)).length,
  weightL2: (_, w) => Math.hypot(...w),
};

const columns = statisticColumns(Object.keys(STATISTICS) as StatisticName[]);

function measured(gradient: number[], weights: number[]): Record<string, number> {
  const vector = tf.tidy(() => measureGradients(columns, [tf.tensor1d(gradient)], [tf.tensor1d(weights)]));
  const values = vector.dataSync();
  vector.dispose();
  return Object.fromEntries(columns.map((column, at) => [column, values[at]!]));
}

test("every statistic equals its naive recomputation, for vanished, plain and exploded gradients", () => {
  assert.deepEqual(new Set(columns), new Set(Object.keys(NAIVE)));
  for (const scale of [1e-19, 1e-6, 1, 1e15]) {
    const gradient = [0.5, -2, 0, 1.25, 0, -0.75].map((x) => Math.fround(x * scale));
    const weights = [1, 2, -2, 0.5, 0, 3];
    const found = measured(gradient, weights);
    for (const column of columns) {
      const expected = NAIVE[column]!(gradient, weights);
      const error = Math.abs(found[column]! - expected) / (Math.abs(expected) || 1);
      assert.ok(error < 1e-5, `${column} at ${scale}: ${found[column]} against ${expected}`);
    }
  }
});

test("an all-zero gradient has statistics of zero, and non-finite entries are counted", () => {
  const zero = measured([0, 0, 0], [1, 1, 1]);
  assert.deepEqual([zero["meanAbs"], zero["l2"], zero["maxAbs"], zero["zeroShare"]], [0, 0, 0, 1]);
  assert.equal(measured([Number.NaN, 1, Number.POSITIVE_INFINITY], [1, 1, 1])["nonFinite"], 2);
});

test("tensors come in order, columns fastest", () => {
  const vector = tf.tidy(() =>
    measureGradients(
      ["meanAbs", "maxAbs"],
      [tf.tensor1d([1, 3]), tf.tensor2d([[-8]])],
      [tf.ones([2]), tf.ones([1, 1])],
    ),
  );
  assert.deepEqual([...vector.dataSync()], [2, 3, 8, 8]);
});
