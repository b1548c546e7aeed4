import assert from "node:assert/strict";
import { test } from "node:test";
import { modelByName, modelNames, resnet50, vgg08, vgg19, vgg38 } from "../../src/models";
import { type LayersModel, type Tensor, tf } from "../../src/tensorflow";

const weights = (model: LayersModel) => Object.fromEntries(
  model.layers.flatMap((layer) =>
    layer.weights.map((weight, i) => [weight.originalName, [...layer.getWeights()[i]!.dataSync()]]),
  ),
); // prettier-ignore

test("equal seeds give equal weights, other seeds others, and every layer its own", () => {
  const a = weights(vgg08({ seed: 3, width: 4 }));
  assert.deepEqual(weights(vgg08({ seed: 3, width: 4 })), a);
  const b = weights(vgg08({ seed: 4, width: 4 }));
  assert.notDeepEqual(a["reduction_block_0_conv_0/kernel"], b["reduction_block_0_conv_0/kernel"]);
  assert.notDeepEqual(a["reduction_block_0_conv_0/kernel"], a["reduction_block_0_conv_1/kernel"]);
  assert.notDeepEqual(a["reduction_block_0_conv_0/bias"], a["reduction_block_0_conv_1/bias"]);
  assert.deepEqual(weights(vgg08({ width: 4 })), weights(vgg08({ width: 4, seed: 0 })));
});

test("variants with the same seed share the weights of the layers that they share", () => {
  const plain = weights(vgg38({ seed: 5, width: 4 }));
  const mended = weights(vgg38({ seed: 5, width: 4, batchNorm: true, residual: true }));
  for (const name of Object.keys(plain)) assert.deepEqual(mended[name], plain[name], name);
});

test("kernels and biases start as PyTorch's, between ±1/√fan-in", () => {
  const {
    [`block_0_conv_0/kernel`]: kernel,
    "block_2_conv_1/bias": bias,
    "linear/bias": head,
  } = weights(vgg19({ width: 8 }));
  const largest = (values: number[]) => Math.max(...values.map(Math.abs));
  assert.ok(largest(kernel!) <= 1 / Math.sqrt(27) && largest(kernel!) > 0.97 / Math.sqrt(27));
  assert.ok(largest(bias!) <= 1 / Math.sqrt(9 * 32) && largest(bias!) > 0.8 / Math.sqrt(9 * 32));
  assert.ok(largest(head!) <= 1 / 8 && largest(head!) > 0.5 / 8);
});

test("another initializer has zero biases", () => {
  const he = weights(vgg08({ width: 4, initializer: "heNormal" }));
  assert.ok(he["reduction_block_0_conv_0/bias"]!.every((value) => value === 0));
  const kernel = he["reduction_block_0_conv_0/kernel"]!;
  const variance = kernel.reduce((sum, value) => sum + value * value, 0) / kernel.length;
  assert.ok(Math.abs(variance / (2 / 36) - 1) < 0.4, `variance ${variance}`);
});

for (const name of modelNames) {
  test(`${name} predicts logits, prints its summary, and dispose frees everything`, () => {
    const before = tf.memory().numTensors;
    const model = modelByName(name, { classes: 7, width: 2 });
    const x = tf.randomNormal([2, 32, 32, 3]);
    const y = model.predict(x) as Tensor;
    assert.deepEqual(y.shape, [2, 7]);
    assert.ok([...y.dataSync()].every(Number.isFinite));
    const lines: string[] = [];
    model.summary(undefined, undefined, (line) => lines.push(String(line)));
    assert.ok(lines.some((line) => line.includes("Total params")));
    tf.dispose([x, y]);
    model.dispose();
    assert.equal(tf.memory().numTensors, before);
  });
}

test("another number of classes, size and channels of images", () => {
  const model = resnet50({ classes: 3, width: 2, inputShape: [17, 20, 1] });
  assert.deepEqual((model.predict(tf.zeros([1, 17, 20, 1])) as Tensor).shape, [1, 3]);
  const vgg = vgg19({ classes: 3, width: 2, inputShape: [64, 64, 3] });
  assert.deepEqual((vgg.predict(tf.zeros([1, 64, 64, 3])) as Tensor).shape, [1, 3]);
});

test("options out of range say what was found and what is expected", () => {
  const cases: [() => unknown, RegExp][] = [
    [() => vgg08({ width: 0 }), /Expected width to be an integer not below 1 but found 0/],
    [() => vgg38({ classes: 1.5 }), /Expected classes to be an integer not below 1 but found 1.5/],
    [() => vgg38({ classes: Number.NaN }), /classes .* found NaN/],
    [() => vgg08({ inputShape: [4, 32, 3] }), /at least 8 by 8 \(it is halved three times\) but found \[4,32,3\]/],
    [() => vgg19({ inputShape: [16, 16, 3] }), /at least 32 by 32 \(it is halved five times\)/],
    [() => resnet50({ inputShape: [32, 32, 0] }), /channels of inputShape .* found 0/],
    [() => vgg08({ seed: 0.5 }), /Expected seed to be an integer but found 0.5/],
    [
      () => vgg38({ batchNorm: "some" as "all" }),
      /Expected batchNorm to be true, false, "all" or "blocks" but found "some"/,
    ],
    [() => vgg38({ initializer: "zeros" as "torch" }), /Expected initializer to be one of torch, heNormal/],
    [() => modelByName("vgg39"), /Expected a network's name \(vgg08, .*\) but found "vgg39"/],
    [() => modelByName("toString"), /found "toString"/],
  ];
  for (const [make, message] of cases) {
    assert.throws(make, (error: Error) => error instanceof RangeError && message.test(error.message));
  }
  assert.throws(() => vgg08({ inputShape: [32, 32] as never }), TypeError);
});
