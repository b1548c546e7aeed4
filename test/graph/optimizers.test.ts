/** Every optimizer of tfjs over fifty steps, compiled and op by op: the same losses and weights to the last bit. */
import assert from "node:assert/strict";
import { compile, createLoop } from "../../src/graph";
import { type Optimizer, type Scalar, type Tensor, tf } from "../../src/tensorflow";
import { graphTest as test } from "../support/graph-test";
import { assertAllSameBits, assertSameBits, valuesOf } from "../support/same-bits";
import { symmetric } from "../support/deterministic";

const x = tf.tensor2d(symmetric("x", 60, 1), [12, 5]);
const y = tf.tensor2d(symmetric("y", 24, 1), [12, 2]);

/** A small network, always with the same start. */
function network() {
  const weights = tf.tidy(() =>
    [[5, 4], [4], [4, 2], [2]].map((shape, at) =>
      tf.variable(tf.tensor(symmetric(`w${at}`, tf.util.sizeFromShape(shape), 0.7), shape)),
    ),
  );
  const [w1, b1, w2, b2] = weights as Tensor[] as [Tensor, Tensor, Tensor, Tensor];
  const loss = (inputs: Tensor, targets: Tensor) =>
    tf.matMul(tf.tanh(tf.matMul(inputs, w1).add(b1)), w2).add(b2).sub(targets).square().mean() as Scalar; // prettier-ignore
  return { weights, loss };
}

/** Fifty steps of an optimizer: losses, weights at the end. */
function train(optimizer: Optimizer, compiled: boolean, between: (step: number) => void = () => undefined) {
  const before = tf.memory().numTensors;
  const { weights, loss } = network();
  const plain = (inputs: Tensor, targets: Tensor) => optimizer.minimize(() => loss(inputs, targets), true)!;
  const whole = compiled ? compile(plain) : null;
  const step = whole ?? plain;
  const losses = Float32Array.from({ length: 50 }, (_, at) => {
    between(at);
    const value = step(x, y);
    const [number] = value.dataSync();
    value.dispose();
    return number!;
  });
  const result = { losses, weights: valuesOf(weights), traces: whole?.traces };
  whole?.dispose();
  const { iterations } = optimizer as unknown as { iterations: number };
  optimizer.dispose();
  tf.dispose(weights);
  // tfjs's momentum leaves a scalar behind.
  return { ...result, iterations, left: tf.memory().numTensors - before };
}

const OPTIMIZERS: Record<string, () => Optimizer> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.05, 0.9),
  "momentum, Nesterov's": () => tf.train.momentum(0.05, 0.9, true),
  adam: () => tf.train.adam(0.01),
  adamax: () => tf.train.adamax(0.01),
  adagrad: () => tf.train.adagrad(0.05),
  adadelta: () => tf.train.adadelta(0.05),
  rmsprop: () => tf.train.rmsprop(0.01),
  "rmsprop with momentum": () => tf.train.rmsprop(0.01, 0.9, 0.5, 1e-7),
  "rmsprop, centred": () => tf.train.rmsprop(0.01, 0.9, 0.5, 1e-7, true),
};

for (const [name, make] of Object.entries(OPTIMIZERS)) {
  test(`${name}: fifty steps are the same to the last bit`, () => {
    const [found, expected] = [train(make(), true), train(make(), false)];
    assertSameBits(found.losses, expected.losses, "loss");
    assertAllSameBits(found.weights, expected.weights, "weight");
    assert.ok(expected.losses.at(-1)! < expected.losses[0]!, `${expected.losses[0]} to ${expected.losses.at(-1)}`);
    // Slots are made in the first call, without a second one being needed.
    assert.deepEqual([found.traces, found.iterations, expected.iterations], [1, 50, 50]);
    assert.equal(found.left, expected.left);
  });
}

// Centred, tfjs subtracts ε under the root, where it would have to be added.
test("what becomes NaN op by op becomes NaN compiled, in the same step", () => {
  const make = () => tf.train.rmsprop(0.3, 0.5, 0.9, 1e-2, true);
  const [found, expected] = [train(make(), true), train(make(), false)];
  assert.ok(expected.losses.some(Number.isNaN), `${expected.losses}`);
  assert.equal(found.losses.findIndex(Number.isNaN), expected.losses.findIndex(Number.isNaN));
});

test("setLearningRate of sgd and momentum is heard", () => {
  for (const make of [() => tf.train.sgd(0.1), () => tf.train.momentum(0.1, 0.9)]) {
    const run = (compiled: boolean) => {
      const optimizer = make();
      return train(optimizer, compiled, (step) => step % 20 === 19 && optimizer.setLearningRate(0.1 / step));
    };
    const [found, expected] = [run(true), run(false)];
    assertSameBits(found.losses, expected.losses, "loss");
    assert.equal(found.traces, 3);
  }
});

test("a new rate of Adam, a JavaScript number, is heard too, and so is any other setting", () => {
  type Settings = { learningRate: number; beta1: number };
  const run = (compiled: boolean) => {
    const optimizer = tf.train.adam(0.01);
    return train(optimizer, compiled, (step) => {
      if (step === 20) (optimizer as unknown as Settings).learningRate = 0.001;
      if (step === 30) (optimizer as unknown as Settings).beta1 = 0.5;
    });
  };
  const [found, expected] = [run(true), run(false)];
  assertSameBits(found.losses, expected.losses, "loss");
  assert.equal(found.traces, 3);
});

test("a loop makes an optimizer's slots, counts its steps and hears of a new rate", async () => {
  const run = async (engine: "graph" | "eager") => {
    const { weights, loss } = network();
    const optimizer = tf.train.adam(0.01);
    const loop = createLoop((_, inputs, targets) => void optimizer.minimize(() => loss(inputs!, targets!)), { engine });
    await loop.run({ first: 0, last: 30, inputs: [x, y] });
    (optimizer as unknown as { learningRate: number }).learningRate = 0.1;
    await loop.run({ first: 30, last: 50, inputs: [x, y] });
    const values = valuesOf(weights);
    const { iterations } = optimizer as unknown as { iterations: number };
    loop.dispose();
    optimizer.dispose();
    tf.dispose(weights);
    return { values, iterations };
  };
  const before = tf.memory().numTensors;
  const [found, expected] = [await run("graph"), await run("eager")];
  assertAllSameBits(found.values, expected.values, "weight");
  assert.deepEqual([found.iterations, expected.iterations], [50, 50]);
  assert.equal(tf.memory().numTensors, before);
});
