import assert from "node:assert/strict";
import { test } from "node:test";
import { measure } from "../../src/gradients";
import { NEAR_ZERO, outputStatistics } from "../../src/gradients/statistics/outputs";
import { type LayersModel, type SymbolicTensor, type Tensor, tf } from "../../src/tensorflow";
import { symmetric } from "../support/deterministic";

function naive(values: Iterable<number>): { mean: number; deviation: number; zeroShare: number } {
  const all = [...values];
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const deviation = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length);
  return { mean, deviation, zeroShare: all.filter((value) => Math.abs(value) < NEAR_ZERO).length / all.length };
}

const near = (found: number, expected: number, what: string) =>
  assert.ok(Math.abs(found - expected) <= 1e-5 * Math.abs(expected) + 1e-30, `${what}: ${found} against ${expected}`);

test("output statistics equal their naive recomputation, also far from 0 and for vanished outputs", () => {
  const base = symmetric("outputs", 3000, 1);
  for (const [scale, shift] of [
    [1, 0],
    [1e-4, 0],
    [1e-25, 0],
    [1e-2, 100],
  ] as const) {
    // prettier-ignore
    const values = base.map((value) => value * scale + shift);
    const expected = naive(values);
    const [mean, deviation, zeroShare] = tf.tidy(() => outputStatistics(tf.tensor(values, [30, 10, 10]))).dataSync();
    // The mean of numbers around 0 is what rounding leaves of it.
    assert.ok(Math.abs(mean! - expected.mean) <= 1e-5 * (Math.abs(expected.mean) + expected.deviation));
    assert.ok(Math.abs(deviation! / expected.deviation - 1) < (shift > 0 ? 1e-3 : 1e-5), `${scale}: ${deviation}`);
    near(zeroShare!, expected.zeroShare, "share");
  }
});

function twoLayers(): LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, inputShape: [3], name: "dense_0", kernelInitializer: tf.initializers.randomUniform({ minval: -1, maxval: 1, seed: 3 }) }), // prettier-ignore
      tf.layers.reLU({ name: "relu" }),
      tf.layers.dense({ units: 2, name: "dense_1", kernelInitializer: "ones" }),
    ],
  });
}

const backward = (model: LayersModel, x: Tensor) =>
  tf.variableGrads(() => (model.apply(x, { training: true }) as Tensor).square().mean());

test("each layer's outputs are measured where the model is differentiated, and nowhere else", async () => {
  const model = twoLayers();
  const x = tf.tensor2d(symmetric("x", 15, 1), [5, 3]);
  const measured = measure(model, { statistics: ["outputs"] });
  (model.predict(x.mul(100)) as Tensor).dispose();
  measured.observe(backward(model, x).grads);
  const { outputs } = await measured.read();
  const layers = ["dense_0", "relu", "dense_1"];
  assert.deepEqual(outputs.map(({ layer }) => layer), layers); // prettier-ignore
  for (const row of outputs) {
    const inner = tf.model({ inputs: model.inputs, outputs: model.getLayer(row.layer).output as SymbolicTensor });
    const expected = naive((inner.predict(x) as Tensor).dataSync());
    near(row.mean, expected.mean, `mean of ${row.layer}`);
    near(row.deviation, expected.deviation, `deviation of ${row.layer}`);
    near(row.zeroShare, expected.zeroShare, `share of ${row.layer}`);
  }
  assert.ok(outputs[1]!.zeroShare > 0.2, "a ReLU silences some");
  measured.dispose();
});

test("a layer that is used twice is measured over both of its outputs", async () => {
  const input = tf.input({ shape: [2] });
  const shared = tf.layers.dense({ units: 2, name: "shared", kernelInitializer: "ones", useBias: false });
  const once = shared.apply(input) as SymbolicTensor;
  const twice = shared.apply(once) as SymbolicTensor;
  const model = tf.model({ inputs: input, outputs: twice });
  const measured = measure(model, { statistics: ["outputs"] });
  measured.observe(backward(model, tf.tensor2d([[1, 2], [0, -1]])).grads); // prettier-ignore
  const [row] = (await measured.read()).outputs;
  // First [3, 3] and [−1, −1], then [6, 6] and [−2, −2].
  const expected = naive([3, 3, -1, -1, 6, 6, -2, -2]);
  near(row!.mean, expected.mean, "mean");
  near(row!.deviation, expected.deviation, "deviation");
  measured.dispose();
});

test("watching ends with the measurement, without a trace and without tensors left", async () => {
  const model = twoLayers();
  const x = tf.tensor2d(symmetric("x", 15, 1), [5, 3]);
  tf.dispose(backward(model, x) as never);
  const before = tf.memory().numTensors;
  const measured = measure(model, { statistics: ["outputs", "gradientFlow"] });
  // A pass that is never observed leaves nothing either.
  for (const observed of [true, false]) {
    const { value, grads } = backward(model, x);
    if (observed) measured.observe(grads);
    tf.dispose([value, Object.values(grads)]);
  }
  await measured.read();
  measured.dispose();
  measured.dispose();
  assert.equal(tf.memory().numTensors, before);
  assert.ok(model.layers.every((layer) => !Object.hasOwn(layer, "call")));
});
