/** What TensorFlow or tfjs gets wrong and the patches mend, on inputs of each kind. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type CustomCallback, type Tensor, type Tensor1D, tf, type Variable } from "../../../src/tensorflow";

const values = (tensor: Tensor) => [...(tensor.dataSync() as Iterable<unknown>)];

test("tf.round leaves whole numbers and truth values as they are", () => {
  const whole = tf.tensor1d([-12345678, 0, 7, 12345678], "int32");
  const result = tf.round(whole);
  assert.equal(result.dtype, "int32");
  assert.deepEqual(values(result), [-12345678, 0, 7, 12345678]);
  assert.deepEqual(values(tf.round(tf.scalar(5, "int32"))), [5]);
  assert.deepEqual(tf.round(tf.tensor2d([], [0, 3], "int32")).shape, [0, 3]);
  assert.deepEqual(values(tf.round(tf.tensor1d([true, false], "bool"))), [1, 0]);
  assert.deepEqual(values(tf.round(tf.tensor1d([0.5, 1.5, -2.5, NaN, -Infinity]))), [0, 2, -2, NaN, -Infinity]);
  whole.dispose();
  assert.deepEqual(values(result), [-12345678, 0, 7, 12345678]);
});

test("tf.concat of scalars makes a vector, of every type", () => {
  assert.deepEqual(values(tf.concat([tf.scalar(1), tf.scalar(2), 3])), [1, 2, 3]);
  assert.deepEqual(values(tf.concat([tf.scalar(1, "int32"), tf.scalar(2, "int32")])), [1, 2]);
  assert.deepEqual(values(tf.concat([tf.scalar(true), tf.scalar(false)])), [1, 0]);
  assert.deepEqual(values(tf.concat([tf.scalar("a"), tf.scalar("b")])), ["a", "b"]);
  const complex = tf.concat([tf.complex(1, 2), tf.complex(3, 4)]);
  assert.deepEqual([values(tf.real(complex)), values(tf.imag(complex))], [[1, 3], [2, 4]]); // prettier-ignore
});

test("tf.concat of scalars has a gradient", () => {
  const gradients = tf.grads((a, b) =>
    tf
      .concat([a, b, a])
      .mul(tf.tensor1d([1, 10, 100]))
      .sum(),
  )([tf.scalar(1), tf.scalar(2)]);
  assert.deepEqual(gradients.map(values), [[101], [10]]);
  assert.deepEqual(gradients.map(({ shape }) => shape), [[], []]); // prettier-ignore
});

/** The numbers of a batch norm with all its weights, of which some are what the layer has by default. */
for (const scale of [true, false])
  for (const center of [true, false])
    for (const trainable of [true, false])
      for (const shape of [
        [5, 3],
        [4, 6, 3],
        [2, 4, 4, 3],
      ])
        test(`the gradient of a frozen batch norm of [${shape.join(", ")}]: scale ${scale}, center ${center}, trainable ${trainable}`, () => {
          const input = { inputShape: shape.slice(1) };
          const options = { ...input, movingVarianceInitializer: "ones", momentum: 0.5 } as const;
          const some = tf.sequential({
            layers: [tf.layers.batchNormalization({ ...options, scale, center, trainable, name: "norm" })],
          });
          const whole = tf.sequential({ layers: [tf.layers.batchNormalization(options)] });
          const x = tf.randomNormal(shape, 0, 1, "float32", 3);
          const weight = tf.randomNormal(shape, 0, 1, "float32", 4);
          const gradient = (model: ReturnType<typeof tf.sequential>) =>
            tf.valueAndGrad((x: Tensor) => (model.apply(x) as Tensor).mul(weight).sum())(x);
          const [found, expected] = [gradient(some), gradient(whole)];
          assert.deepEqual(values(found.value), values(expected.value));
          assert.deepEqual(values(found.grad), values(expected.grad));
        });

test("tf.batchNorm without scale or offset has the gradients of all that it was given", () => {
  const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
  const [mean, variance, offset] = [tf.tensor1d([0, 1, 2]), tf.tensor1d([1, 4, 9]), tf.tensor1d([1, 2, 3])];
  const found = tf.grads((x, mean, variance, offset) =>
    tf
      .batchNorm(x, mean as Tensor1D, variance as Tensor1D, offset as Tensor1D)
      .square()
      .sum(),
  )([x, mean, variance, offset]);
  const expected = tf.grads((x, mean, variance, offset) =>
    tf.sub(x, mean).div(variance.add(1e-3).sqrt()).add(offset).square().sum(),
  )([x, mean, variance, offset]);
  found.forEach((gradient, i) => {
    const difference = tf.max(tf.abs(tf.sub(gradient, expected[i]!))).dataSync()[0]!;
    assert.ok(difference < 1e-4, `gradient ${i}: ${difference}`);
  });
});

/** As in a user's own loop: the gradients of everything that trains, in training and in evaluation. */
for (const axis of [1, 2, -1])
  for (const scale of [true, false])
    for (const center of [true, false])
      for (const training of [true, false])
        test(`a batch norm of axis ${axis}, scale ${scale}, center ${center}, training ${training}, is that of the last axis transposed`, () => {
          const x = tf.randomNormal([4, 3, 5, 6], 0, 1, "float32", 3);
          const order = axis === -1 ? [0, 1, 2, 3] : axis === 1 ? [0, 2, 3, 1] : [0, 1, 3, 2];
          const back = order.map((_, at) => order.indexOf(at));
          const weight = tf.randomNormal(x.shape, 0, 1, "float32", 4);
          const gradients = (axis: number, x: Tensor, weight: Tensor, backwards: (y: Tensor) => Tensor) => {
            const layer = tf.layers.batchNormalization({ axis, scale, center });
            layer.apply(x);
            const loss = (x: Tensor) => (layer.apply(x, { training }) as Tensor).mul(weight).sum().asScalar();
            const trained = layer.trainableWeights.map((each) => each.read() as Variable);
            const found = trained.length === 0 ? {} : tf.variableGrads(() => loss(x), trained).grads;
            return [backwards(tf.grad(loss)(x)), ...trained.map(({ name }) => found[name]!), ...layer.getWeights()];
          };
          const found = gradients(axis, x, weight, (y) => y);
          const expected = gradients(-1, tf.transpose(x, order), tf.transpose(weight, order), (y) =>
            tf.transpose(y, back),
          );
          assert.equal(found.length, expected.length);
          found.forEach((tensor, at) => {
            assert.deepEqual(tensor.shape, expected[at]!.shape);
            const difference = tf.max(tf.abs(tf.sub(tensor, expected[at]!))).dataSync()[0]!;
            assert.ok(difference < 1e-4, `tensor ${at}: ${difference}`);
          });
        });

test("tf.prelu keeps infinities and NaN, and takes numbers of all sizes", () => {
  const x = tf.tensor1d([Infinity, -Infinity, NaN, -3e38, 3e38, -2, 0]);
  assert.deepEqual(values(tf.prelu(x as Tensor, tf.scalar(0.5) as Tensor)), [Infinity, -Infinity, NaN, Math.fround(-3e38) / 2, Math.fround(3e38), -1, 0]); // prettier-ignore
  assert.deepEqual(values(tf.prelu(tf.tensor1d([1, -1]), tf.tensor1d([NaN, Infinity]))), [1, -Infinity]);
});

test("whole numbers are finite and no NaN", () => {
  const x = tf.tensor1d([1, -5], "int32");
  const found = [tf.isNaN(x), tf.isInf(x), tf.isFinite(x)];
  assert.deepEqual(found.map(values), [[0, 0], [0, 0], [1, 1]]); // prettier-ignore
  assert.deepEqual(found.map(({ dtype }) => dtype), ["bool", "bool", "bool"]); // prettier-ignore
});

test("tf.node.tensorBoard writes histograms of weights", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gradamp-tensorboard-"));
  try {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [3] })] });
    model.compile({ loss: "meanSquaredError", optimizer: "sgd" });
    const { node } = tf as unknown as {
      node: { tensorBoard(folder: string, options: { histogramFreq: number }): CustomCallback };
    };
    await model.fit(tf.ones([8, 3]), tf.ones([8, 1]), {
      epochs: 2,
      verbose: 0,
      validationSplit: 0.25,
      callbacks: node.tensorBoard(folder, { histogramFreq: 1 }),
    });
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.includes("tfevents"),
    );
    assert.ok(files.some((file) => readFileSync(join(folder, file)).includes("bias")));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("seed 0 is a seed: the same numbers each time, and others than of seed 1", () => {
  const draws = {
    randomNormal: (seed: number) => tf.randomNormal([4], 0, 1, "float32", seed),
    randomStandardNormal: (seed: number) => tf.randomStandardNormal([4], "float32", seed),
    truncatedNormal: (seed: number) => tf.truncatedNormal([4], 0, 1, "float32", seed),
    randomGamma: (seed: number) => tf.randomGamma([4], 1, 1, "float32", seed),
    randomUniform: (seed: number) => tf.randomUniform([4], 0, 1, "float32", seed),
    heNormal: (seed: number) => tf.initializers.heNormal({ seed }).apply([2, 2]),
    glorotNormal: (seed: number) => tf.initializers.glorotNormal({ seed }).apply([2, 2]),
    glorotUniform: (seed: number) => tf.initializers.glorotUniform({ seed }).apply([2, 2]),
    orthogonal: (seed: number) => tf.initializers.orthogonal({ seed }).apply([2, 2]),
  };
  for (const [name, draw] of Object.entries(draws)) {
    assert.deepEqual(values(draw(0)), values(draw(0)), name);
    assert.notDeepEqual(values(draw(0)), values(draw(1)), name);
  }
});
