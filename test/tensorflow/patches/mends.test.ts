/** What TensorFlow or tfjs gets wrong and the patches mend, on inputs of each kind. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Tensor, type Tensor1D, tf } from "../../../src/tensorflow";

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
