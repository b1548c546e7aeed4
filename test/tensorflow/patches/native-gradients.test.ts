import assert from "node:assert/strict";
import { test } from "node:test";
import "../../../src/layers";
import { type Tensor, tf } from "../../../src/tensorflow";
import { assertClose } from "../../support/assert-close";
import { countOps } from "../../support/count-ops";

const x = tf.keep(tf.mul(tf.randomNormal([3, 4, 5, 2], 0, 1, "float32", 3), 5));

const cases: { name: string; f: (x: Tensor) => Tensor; fused: string }[] = [
  { name: "relu", f: (x) => tf.relu(x), fused: "ReluGrad" },
  { name: "relu6", f: (x) => tf.relu6(x), fused: "Relu6Grad" },
  { name: "leakyRelu 0.01", f: (x) => tf.leakyRelu(x, 0.01), fused: "LeakyReluGrad" },
  { name: "leakyRelu 0", f: (x) => tf.leakyRelu(x, 0), fused: "LeakyReluGrad" },
  { name: "leakyRelu −0.5", f: (x) => tf.leakyRelu(x, -0.5), fused: "LeakyReluGrad" },
  { name: "sum of all", f: (x) => tf.sum(x), fused: "Tile" },
  { name: "sum of axis −1", f: (x) => tf.sum(x, -1), fused: "Tile" },
  { name: "sum of [0, 2], kept", f: (x) => tf.sum(x, [0, 2], true), fused: "Tile" },
  { name: "mean of all", f: (x) => tf.mean(x), fused: "Tile" },
  { name: "mean of [1, 2]", f: (x) => tf.mean(x, [1, 2]), fused: "Tile" },
  { name: "mean of 3, kept", f: (x) => tf.mean(x, 3, true), fused: "Tile" },
  { name: "tile", f: (x) => tf.tile(x, [2, 1, 3, 2]), fused: "Sum" },
];

/** Gradient of a weighted sum of f's output that needs no gradient of Sum: dy is given. */
const gradient = (f: (x: Tensor) => Tensor): Tensor => {
  const dy = tf.randomNormal(f(x).shape, 0, 1, "float32", 5);
  return tf.grad(f)(x, dy);
};

for (const { name, f, fused } of cases) {
  test(`the gradient of ${name} is tfjs's own, by ${fused}, with next to nothing uploaded`, async () => {
    const actual = gradient(f);
    // On the JavaScript backend tfjs's own gradient is still the one that runs.
    await tf.setBackend("cpu");
    const expected = gradient(f);
    await tf.setBackend("tensorflow");
    assertClose(actual, expected, { tolerance: 1e-6 });
    const dy = tf.add(tf.onesLike(f(x)), 0);
    const counts = countOps(() => tf.grad(f)(x, dy));
    assert.equal(counts.ops[fused], 1);
    assert.ok(counts.uploadedBytes <= 96, `uploaded ${counts.uploadedBytes} bytes`);
  });
}

test("the gradient of ReLU is right on both sides of 0 and nothing at 0", () => {
  const dx = tf.grad((x) => tf.relu(x))(tf.tensor1d([-1, 0, 2]), tf.tensor1d([10, 20, 30]));
  assert.deepEqual([...dx.dataSync()], [0, 0, 30]);
});

test("the gradient of a layer normalisation of images takes few ops, where tfjs's own takes tens of thousands", () => {
  const layer = tf.layers.layerNormalization({ inputShape: [16, 16, 8] });
  const model = tf.sequential({ layers: [layer] });
  const images = tf.ones([20, 16, 16, 8]);
  const { ops } = countOps(() => {
    tf.tidy(() => void tf.variableGrads(() => (model.apply(images, { training: true }) as Tensor).square().mean()));
  });
  const total = Object.values(ops).reduce((sum, count) => sum + count, 0);
  assert.ok(total < 200, `${total} ops`);
});

test("gradients leave no tensors behind", () => {
  const step = () => tf.tidy(() => void cases.map(({ f }) => gradient(f)));
  step();
  const { numTensors } = tf.memory();
  for (let i = 0; i < 3; i++) step();
  assert.equal(tf.memory().numTensors, numTensors);
});
