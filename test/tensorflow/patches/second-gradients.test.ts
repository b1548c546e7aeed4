/** Gradients of gradients are what differences say, op by op and compiled, also where a plain loss stands beside. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { scaleGradient } from "../../../src/amplification";
import { compile } from "../../../src/graph";
import { sparseSoftmaxCrossEntropy } from "../../../src/layers";
import {
  batchNormTraining,
  graphBinding,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  type Tensor5D,
  tf,
} from "../../../src/tensorflow";
import { relativeError } from "../../support/same-bits";

const NUMBERS = [-1.2, -0.4, 0.3, 0.9, 1.7, -0.8, 0.6, 0.2];
const x = tf.tensor2d(NUMBERS, [4, 2]);
const labels = tf.tensor1d([0, 1, 1, 0], "int32");
const statistics = { runningMean: tf.zeros([2]) as Tensor1D, runningVariance: tf.ones([2]) as Tensor1D };

const FUNCTIONS: Readonly<Record<string, (y: Tensor) => Tensor>> = {
  relu: tf.relu,
  leakyRelu: (y) => tf.leakyRelu(y, 0.1),
  relu6: (y) => tf.relu6(tf.mul(y, 5)),
  tanh: tf.tanh,
  sigmoid: tf.sigmoid,
  exp: tf.exp,
  softmax: (y) => tf.softmax(y),
  logSoftmax: (y) => tf.logSoftmax(y),
  pow: (y) => tf.pow(tf.abs(y), 1.5),
  "batch norm": (y) =>
    batchNormTraining(y, {
      ...{ gamma: tf.tensor1d([1, 2]), beta: tf.tensor1d([0.1, 0.2]), ...statistics },
      ...{ epsilon: 0.01, keep: 0.9, unbiased: true },
    }).output,
  "cross-entropy of classes": (y) => sparseSoftmaxCrossEntropy(y as Tensor2D, labels),
  "tanh and relu in a row": (y) => tf.relu(tf.tanh(tf.mul(y, 2))),
};

const images = (y: Tensor) => tf.reshape(y, [1, 4, 2, 1]) as Tensor4D;
const volumes = (y: Tensor) => tf.reshape(y, [1, 2, 2, 2, 1]) as Tensor5D;
const ramp = (shape: number[]) =>
  tf.reshape(
    tf.cos(
      tf.range(
        0,
        shape.reduce((a, b) => a * b, 1),
      ),
    ),
    shape,
  );

/** Through what tfjs itself cannot be differentiated twice; the filter of a convolution is made of the numbers, too. */
const LAYERS: Readonly<Record<string, (y: Tensor) => Tensor>> = {
  elu: (y) => tf.elu(y),
  "max pooling": (y) => tf.maxPool(tf.tanh(images(y)), 2, 2, "valid"),
  "max pooling whose windows overlap": (y) => tf.maxPool(tf.tanh(images(y)), [3, 2], 1, "same"),
  "max pooling, padded by numbers": (y) => tf.maxPool(tf.tanh(images(y)), 3, 1, 1),
  "max pooling of every pixel": (y) => tf.maxPool(tf.tanh(images(y)), 1, 1, "same"),
  "overlapping max pooling in three dimensions": (y) => tf.maxPool3d(tf.tanh(volumes(y)), 2, 1, "same"),
  "average pooling": (y) => tf.avgPool(tf.tanh(images(y)), [3, 2], 1, "same"),
  "average pooling, padded by numbers": (y) => tf.avgPool(tf.tanh(images(y)), 2, 1, 1),
  "max pooling in three dimensions": (y) => tf.maxPool3d(tf.tanh(volumes(y)), 2, 2, "valid"),
  "average pooling in three dimensions": (y) => tf.avgPool3d(tf.tanh(volumes(y)), 2, 1, "same"),
  "a convolution's filter": (y) => tf.conv2d(ramp([1, 5, 5, 1]) as Tensor4D, tf.reshape(tf.tanh(y), [2, 2, 1, 2]) as Tensor4D, 2, "same"), // prettier-ignore
  "a convolution's images and filter": (y) => tf.conv2d(tf.tanh(images(y)), tf.reshape(y, [2, 2, 1, 2]) as Tensor4D, 1, "valid"), // prettier-ignore
  "a 3×3 convolution of 16 channels": (y) => tf.conv2d(tf.tile(tf.tanh(images(y)), [1, 1, 1, 16]), tf.mul(ramp([3, 3, 16, 16]), y.slice([0, 0], [1, 1]).reshape([])) as Tensor4D, 1, "same"), // prettier-ignore
  "a transposed convolution": (y) => tf.conv2dTranspose(tf.tanh(images(y)), tf.reshape(y, [2, 2, 2, 1]) as Tensor4D, [1, 8, 4, 2], 2, "same"), // prettier-ignore
  "a depthwise convolution": (y) => tf.depthwiseConv2d(tf.tanh(images(y)), tf.reshape(y, [2, 2, 1, 2]) as Tensor4D, 1, "same"), // prettier-ignore
  "a convolution in three dimensions": (y) => tf.conv3d(tf.tanh(volumes(y)), tf.reshape(y, [2, 2, 2, 1, 1]) as Tensor5D, 1, "same"), // prettier-ignore
  "upsampling by copies": (y) => tf.image.resizeNearestNeighbor(tf.tanh(images(y)), [6, 4]),
  "upsampling in between": (y) => tf.image.resizeBilinear(tf.tanh(images(y)), [6, 4]),
};

for (const [name, f] of Object.entries({ ...FUNCTIONS, ...LAYERS })) {
  const loss = (y: Tensor) => tf.sum(tf.square(f(y)));
  // The loss itself has a gradient, too, so that a penalty that is left out would go unnoticed.
  const whole = (y: Tensor) => tf.add(tf.mul(loss(y), 0.1), tf.sum(tf.square(tf.grad(loss)(y))));
  test(`${name}: the gradient of a loss and a gradient penalty`, () => {
    const expected = NUMBERS.map((_, at) => {
      const [up, down] = [1e-2, -1e-2].map((step) => {
        const moved = NUMBERS.map((value, place) => (place === at ? value + step : value));
        return tf.tidy(() => whole(tf.tensor2d(moved, [4, 2])).dataSync()[0]!);
      });
      return (up! - down!) / 2e-2;
    });
    assert.ok(relativeError(tf.grad(whole)(x).dataSync(), expected) < 0.01);
    if (!graphBinding()) return;
    const compiled = compile((y: Tensor) => tf.grad(whole)(y));
    assert.ok(relativeError(compiled(x).dataSync(), expected) < 0.01, "compiled");
    compiled.dispose();
  });
}

test("an amplified gradient can be differentiated, with a factor that is made on the way", () => {
  const penalty = (y: Tensor) =>
    tf.sum(tf.square(tf.grad((z) => tf.sum(tf.square(scaleGradient(z, tf.scalar(2)))))(y)));
  assert.ok(relativeError(penalty(x).dataSync(), [NUMBERS.reduce((sum, value) => sum + (4 * value) ** 2, 0)]) < 1e-6);
  // The penalty's own way back passes the same place once more, where it is amplified again: 2 · (4x) · 4 · 2.
  const expected = NUMBERS.map((value) => 64 * value);
  assert.ok(relativeError(tf.grad(penalty)(x).dataSync(), expected) < 1e-6);
});
