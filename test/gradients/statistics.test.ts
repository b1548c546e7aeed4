import assert from "node:assert/strict";
import { test } from "node:test";
import { HISTOGRAM_RANGE, STATISTICS, type WeightTensor } from "../../src/gradients";
import { ofEachWeight } from "../../src/gradients/statistics/of-each-weight";
import { tf } from "../../src/tensorflow";
import { COLUMNS as columns, OF_WEIGHTS, observedColumns } from "../support/observed-columns";

interface Tensors {
  g: number[];
  clipped: number[];
  unamplified: number[];
  w: number[];
  updated: number[];
}

const moved = ({ w, updated }: Tensors) => Math.hypot(...updated.map((x, at) => x - w[at]!));
const meanAbs = (x: number[]) => x.reduce((sum, value) => sum + Math.abs(value), 0) / x.length;

/** Every statistic once more, number by number. */
const NAIVE: Record<string, (tensors: Tensors) => number> = {
  meanAbs: ({ g }) => meanAbs(g),
  l2: ({ g }) => Math.hypot(...g),
  maxAbs: ({ g }) => Math.max(...g.map(Math.abs)),
  zeroShare: ({ g }) => g.filter((x) => x === 0).length / g.length,
  nonFinite: ({ g }) => g.filter((x) => !Number.isFinite(x)).length,
  weightL2: ({ w }) => Math.hypot(...w),
  updateL2: (tensors) => moved(tensors),
  updateRatio: (tensors) => moved(tensors) / Math.hypot(...tensors.w),
  rawMeanAbs: ({ unamplified }) => meanAbs(unamplified),
  clippedMeanAbs: ({ clipped }) => meanAbs(clipped),
  ampGain: ({ g, unamplified }) => Math.hypot(...g) / Math.hypot(...unamplified),
  // One axis: a matrix of one row. Of several axes see rank.test.ts.
  effectiveRank: () => 1,
};

function measured({ g, clipped, unamplified, w, updated }: Tensors): Record<string, number> {
  const [found] = tf.tidy(() =>
    observedColumns({
      raw: [tf.tensor1d(g)],
      clipped: [tf.tensor1d(clipped)],
      unamplified: [tf.tensor1d(unamplified)],
      weights: [tf.tensor1d(w)],
      updated: [tf.tensor1d(updated)],
    }),
  );
  return found!;
}

const plain = (g: number[], w: number[]): Tensors => ({ g, clipped: g, unamplified: g, w, updated: w });

test("every statistic equals its naive recomputation, for vanished, plain and exploded gradients", () => {
  assert.deepEqual(new Set(columns), new Set(Object.keys(NAIVE)));
  for (const scale of [1e-19, 1e-6, 1, 1e15]) {
    const g = [0.5, -2, 0, 1.25, 0, -0.75].map((x) => Math.fround(x * scale));
    const w = [1, 2, -2, 0.5, 0, 3];
    const tensors = { g, clipped: g.map((x) => x / 4), unamplified: g.map((x) => x / 2), w, updated: [1, 2.5, -2, 0.25, 0, 2] }; // prettier-ignore
    const found = measured(tensors);
    for (const column of columns) {
      const expected = NAIVE[column]!(tensors);
      const error = Math.abs(found[column]! - expected) / (Math.abs(expected) || 1);
      assert.ok(error < 1e-5, `${column} at ${scale}: ${found[column]} against ${expected}`);
    }
  }
});

test("an all-zero gradient has statistics of zero, and non-finite entries are counted", () => {
  const zero = measured(plain([0, 0, 0], [1, 1, 1]));
  assert.deepEqual([zero["meanAbs"], zero["l2"], zero["maxAbs"], zero["zeroShare"]], [0, 0, 0, 1]);
  assert.equal(measured(plain([Number.NaN, 1, Number.POSITIVE_INFINITY], [1, 1, 1]))["nonFinite"], 2);
});

test("what does not move has an update ratio of 0, what moves away from 0 an infinite one", () => {
  assert.equal(measured(plain([1, 1], [0, 0]))["updateRatio"], 0);
  assert.equal(measured({ ...plain([1, 1], [0, 0]), updated: [0, 1] })["updateRatio"], Number.POSITIVE_INFINITY);
});

test("an update too small for float32's squares is still measured", () => {
  // Weights near 0, where float32 has room for tiny differences.
  const found = measured({ ...plain([1, 1], [3e-18, 4e-18]), updated: [3e-18, 4e-18 + 1e-19] });
  assert.ok(Math.abs(found["updateRatio"]! / 0.02 - 1) < 1e-4, `${found["updateRatio"]}`);
});

test("tensors come in order, columns fastest", () => {
  const two = ofEachWeight("norms", {
    meanAbs: ({ gradient }) => gradient.abs().mean(),
    maxAbs: ({ gradient }) => gradient.abs().max(),
  });
  const network = { weights: [{}, {}] as WeightTensor[], layers: [], range: HISTOGRAM_RANGE };
  const vector = tf.tidy(() => {
    const raw = [tf.tensor1d([1, 3]), tf.tensor2d([[-8]])];
    const weights = [tf.ones([2]), tf.ones([1, 1])];
    return two.observe({ raw, clipped: raw, weights, updated: weights, outputs: null }, network);
  });
  assert.equal(two.size(network), 4);
  assert.deepEqual([...vector.dataSync()], [2, 3, 8, 8]);
  assert.deepEqual(two.rows(vector.dataSync<"float32">(), network), [
    { meanAbs: 2, maxAbs: 3 },
    { meanAbs: 8, maxAbs: 8 },
  ]);
});

test("a column belongs to one statistic, and each statistic to the name it is asked for by", () => {
  assert.equal(new Set(columns).size, columns.length);
  for (const [name, statistic] of Object.entries(STATISTICS)) assert.equal(statistic.name, name);
  assert.ok(OF_WEIGHTS.length >= 6);
});
