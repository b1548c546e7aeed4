import assert from "node:assert/strict";
import { test } from "node:test";
import { sparseSoftmaxCrossEntropy } from "../../src/layers";
import { type Tensor2D, tf } from "../../src/tensorflow";
import { assertClose } from "../support/assert-close";

const logits = () => tf.mul(tf.randomNormal([6, 5], 0, 1, "float32", 3), 4) as Tensor2D;
const labels = () => tf.tensor1d([0, 4, 2, 2, 1, 3], "int32");

for (const backend of ["tensorflow", "cpu"]) {
  test(`losses and gradient are the textbook's, ${backend}`, async () => {
    await tf.setBackend(backend);
    const x = logits();
    const target = tf.oneHot(labels(), 5).toFloat();
    const naive = (x: Tensor2D) => tf.neg(tf.sum(tf.mul(tf.log(tf.softmax(x)), target), 1));
    assertClose(sparseSoftmaxCrossEntropy(x, labels()), naive(x));
    const dy = tf.tensor1d([1, 2, -1, 0, 0.5, 3]);
    const actual = tf.grad((x) => sparseSoftmaxCrossEntropy(x as Tensor2D, labels()))(x, dy);
    // d/dlogits = (softmax − one-hot) · dy
    assertClose(actual, tf.mul(tf.sub(tf.softmax(x), target), dy.expandDims(1)));
    await tf.setBackend("tensorflow");
  });
}

test("a network that has learnt nothing loses ln 100, and huge logits do not overflow", () => {
  const [even] = sparseSoftmaxCrossEntropy(tf.zeros([1, 100]), tf.tensor1d([7], "int32")).dataSync();
  assert.ok(Math.abs(even! - Math.log(100)) < 1e-6);
  const [huge] = sparseSoftmaxCrossEntropy(tf.tensor2d([[1e4, 0]]), tf.tensor1d([1], "int32")).dataSync();
  assert.equal(huge, 1e4);
});

test("labels in float32 are taken, other shapes refused", () => {
  const x = logits();
  assertClose(sparseSoftmaxCrossEntropy(x, labels().toFloat()), sparseSoftmaxCrossEntropy(x, labels()));
  assert.throws(() => sparseSoftmaxCrossEntropy(x, tf.tensor1d([1, 2], "int32")), /but found \[6,5\] and \[2\]/);
});

test("nothing is left behind", () => {
  const x = logits();
  const y = labels();
  const step = () =>
    tf.tidy(() => {
      sparseSoftmaxCrossEntropy(x, y);
      tf.grad((x) => tf.mean(sparseSoftmaxCrossEntropy(x as Tensor2D, y)))(x);
    });
  step();
  const { numTensors } = tf.memory();
  for (let i = 0; i < 5; i++) step();
  assert.equal(tf.memory().numTensors, numTensors);
});
