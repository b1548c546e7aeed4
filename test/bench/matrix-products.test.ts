import assert from "node:assert/strict";
import { test } from "node:test";
import { flopsPerStep, matrixProducts } from "../../bench/measure/matrix-products";
import { type NetworkName, networkNames, NETWORKS } from "../../bench/measure/networks";
import { modelByName } from "../../src/models";
import { nativeBackend, type Scalar, type SymbolicTensor, type Tensor, tf } from "../../src/tensorflow";
import { countOps } from "../support/count-ops";

test("a convolution and a linear layer, counted by hand", () => {
  const input = tf.input({ shape: [8, 8, 3] });
  const conv = tf.layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: "valid" }).apply(input);
  const flat = tf.layers.flatten().apply(conv);
  const model = tf.model({ inputs: input, outputs: tf.layers.dense({ units: 5 }).apply(flat) as SymbolicTensor });
  const found = matrixProducts(model, 2).map(({ op, flops, left, right, count }) => ({
    op,
    flops,
    left,
    right,
    count,
  }));
  const conv2d = { flops: 2 * 2 * 3 * 3 * (3 * 3 * 3 * 4), left: [2, 8, 8, 3], right: [3, 3, 3, 4], count: 1 };
  const product = { op: "MatMul", flops: 2 * 2 * 36 * 5, count: 1 };
  assert.deepEqual(found, [
    { op: "Conv2D", ...conv2d },
    { op: "Conv2DBackpropFilter", ...conv2d },
    { ...product, left: [2, 36], right: [36, 5] },
    { ...product, left: [2, 5], right: [36, 5] },
    { ...product, left: [2, 36], right: [2, 5] },
  ]);
  model.dispose();
});

/** GFLOP of a step's convolutions and linear layer: three times the forward pass, less the first input's gradient. */
const GFLOP: Record<NetworkName, number> = {
  vgg08: 9.6,
  vgg38: 84.0,
  "vgg38-bn": 84.0,
  "vgg38-bn-rc": 84.0,
  vgg19: 305.3,
  resnet18: 426.1,
  resnet50: 996.3,
};

for (const name of networkNames) {
  test(`${name} takes ${GFLOP[name]} GFLOP a step`, () => {
    const model = modelByName(name, { classes: NETWORKS[name].classes });
    const flops = flopsPerStep(matrixProducts(model, NETWORKS[name].batch));
    assert.equal((flops / 1e9).toFixed(1), GFLOP[name].toFixed(1));
    model.dispose();
  });
}

test("a step of ResNet-18 runs the products that are counted", { skip: nativeBackend() === null }, () => {
  // Channels that gradamp's own operations leave to TensorFlow's.
  const model = modelByName("resnet18", { classes: 10, width: 3 });
  const expected: Record<string, number> = {};
  for (const { op, count } of matrixProducts(model, 2)) expected[op] = (expected[op] ?? 0) + count;
  const x = tf.randomNormal([2, 32, 32, 3]);
  const { ops } = countOps(() =>
    tf.tidy(() => tf.variableGrads(() => tf.sum<Scalar>(model.apply(x, { training: true }) as Tensor))),
  );
  // tfjs has products of matrices done in batches of one.
  // tfjs's fused convolution cannot leave out the gradient of the images, which nobody needs and a compiled step drops.
  if (ops["Conv2DBackpropInput"] === ops["Conv2DBackpropFilter"]) expected["Conv2DBackpropInput"]!++;
  const found: Record<string, number> = { ...ops, MatMul: ops["BatchMatMulV2"] ?? 0 };
  for (const [op, count] of Object.entries(expected)) assert.equal(found[op], count, op);
  tf.dispose(x);
  model.dispose();
});
