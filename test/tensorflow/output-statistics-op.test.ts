/** GradampOutputStatistics against float64 and against TensorFlow's operations, and the same each time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { outputStatistics } from "../../src/gradients/statistics/outputs";
import { hasOwnOutputStatistics, profile, type Tensor, tf } from "../../src/tensorflow";
import { symmetric } from "../support/deterministic";

const options = { skip: hasOwnOutputStatistics() ? false : "no such op on this processor" };

/** By TensorFlow's operations. */
function byOps(x: Tensor): number[] {
  const before = process.env["GRADAMP_STOCK_OPS"];
  process.env["GRADAMP_STOCK_OPS"] = "1";
  try {
    return [...tf.tidy(() => outputStatistics(x)).dataSync()];
  } finally {
    if (before === undefined) delete process.env["GRADAMP_STOCK_OPS"];
    else process.env["GRADAMP_STOCK_OPS"] = before;
  }
}
const byOwn = (x: Tensor): number[] => [...tf.tidy(() => outputStatistics(x)).dataSync()];

function exactly(values: Float32Array): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const near = values.filter((value) => Math.abs(value) < Math.fround(1e-3)).length;
  return [mean, Math.sqrt(squares / values.length), near / values.length].map(Math.fround);
}

test("sizes around lanes, parts and units, near zero, far from it and at the ends of float32's range", options, () => {
  for (const size of [1, 2, 15, 16, 17, 4095, 4096, 4097, 65535, 65537, 200_003])
    for (const [scale, shift] of [
      [1, 0],
      [2e-3, 0],
      [1e-25, 0],
      [1e-2, 100],
      [1, 1e6],
      [1e38, 0],
    ] as const) {
      const values = Float32Array.from(symmetric(`${size}`, size, 1), (value) => value * scale + shift);
      const expected = exactly(values);
      const found = tf.tidy(() => byOwn(tf.tensor1d(values)));
      const spread = Math.max(Math.abs(expected[0]!), expected[1]!);
      found.forEach((value, at) => {
        const allowed = at === 2 ? 0 : 1e-6 * (at === 0 ? spread : expected[1]! + 1e-12 * spread) + 1.5e-45;
        assert.ok(Math.abs(value - expected[at]!) <= allowed, `${size} × ${scale} + ${shift}: ${String(found)} against ${String(expected)}`); // prettier-ignore
      });
    }
});

test("what is not finite is as TensorFlow's operations have it", options, () => {
  for (const special of [NaN, Infinity, -Infinity])
    for (const at of [0, 5000, 69_999]) {
      const values = Float32Array.from(symmetric("special", 70_000, 1));
      values[at] = special;
      const x = tf.tensor1d(values);
      const [own, stock] = [byOwn(x), byOps(x)];
      assert.deepEqual(own.slice(0, 2), stock.slice(0, 2), `${special} at ${at}`);
      assert.ok(Math.abs(own[2]! - stock[2]!) < 1e-6);
      x.dispose();
    }
  assert.deepEqual(byOwn(tf.zeros([0, 3])), [NaN, NaN, NaN]);
  assert.deepEqual(byOwn(tf.zeros([2, 3])), [0, 0, 1]);
});

test("whole numbers and truth values are measured as numbers; a scalar has no deviation", options, () => {
  assert.deepEqual(byOwn(tf.tensor1d([0, 4], "int32")), [2, 2, 0.5]);
  assert.deepEqual(byOwn(tf.tensor1d([true, false], "bool")), [0.5, 0.5, 0.5]);
  assert.deepEqual(byOwn(tf.scalar(7)), [7, 0, 0]);
});

test("the bits are the same each time, and one op reads the output", options, async () => {
  const x = tf.tensor1d(symmetric("repeats", 300_001, 1));
  const first = byOwn(x);
  for (let repeat = 0; repeat < 20; repeat++) assert.deepEqual(byOwn(x), first);
  const { ops } = await profile(async () => byOwn(x));
  assert.deepEqual(ops.map(({ op }) => op).filter((op) => op.startsWith("Gradamp") || /Mean|Sub|Abs/.test(op)), ["GradampOutputStatistics"]); // prettier-ignore
  x.dispose();
});
