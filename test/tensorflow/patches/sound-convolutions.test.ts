/** Convolutions that oneDNN gets wrong, and their gradients, against the definition: op by op, compiled, in bfloat16. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "../../../src/graph";
import { graphBinding, type Tensor, type Tensor3D, type Tensor4D, tf } from "../../../src/tensorflow";
import { symmetric } from "../../support/deterministic";
import { axisOf, type ConvolutionCase, naiveConvolution } from "../../support/naive-convolution";
import { relativeError, takeValues } from "../../support/same-bits";

const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

const WAYS = graphBinding() ? (["op by op", "float32", "bfloat16"] as const) : (["op by op"] as const);

/** Leaves numbers in the memory that is used next, which a kernel that reads too far would find. */
function leaveNumbers(): void {
  tf.tidy(() => tf.fill([1 << 16], 1e30).mul(tf.fill([1 << 16], 3)));
}

function check(each: ConvolutionCase): void {
  const { images, filter, strides, pad } = each;
  const [x, f] = [
    tf.tensor4d(symmetric("x", sizeOf(images), 1), [...images] as [number, number, number, number]),
    tf.tensor4d(symmetric("f", sizeOf(filter), 1), [...filter] as [number, number, number, number]),
  ];
  const [rows] = axisOf(images[1], filter[0], strides[0], pad);
  const [columns] = axisOf(images[2], filter[1], strides[1], pad);
  const shape = [images[0], rows, columns, filter[3]] as [number, number, number, number];
  const weights = tf.tensor4d(symmetric("weights", sizeOf(shape), 1), shape);
  const expected = naiveConvolution(each, x.dataSync(), f.dataSync(), weights.dataSync());
  const convolve = (a: Tensor, b: Tensor) => tf.conv2d(a as Tensor4D, b as Tensor4D, [...strides], pad);
  const step = (a: Tensor, b: Tensor, dy: Tensor) => [convolve(a, b), ...tf.grads(convolve)([a, b], dy)];
  for (const way of WAYS) {
    leaveNumbers();
    const compiled = way === "op by op" ? null : compile(step, { precision: way });
    const found = takeValues(compiled ? compiled(x, f, weights) : tf.tidy(() => step(x, f, weights)));
    compiled?.dispose();
    found.forEach((values, at) => {
      const error = relativeError(values, expected[at]!);
      assert.ok(error < (way === "bfloat16" ? 0.03 : 1e-5), `${JSON.stringify(each)}, ${way}, ${at}: ${error}`);
    });
  }
  tf.dispose([x, f, weights]);
}

test("outputs one pixel wide with a stride along the width", () => {
  for (const channels of [1, 2, 16]) {
    for (const [height, width, filterHeight, filterWidth] of [[4, 2, 3, 3], [16, 2, 3, 3], [9, 1, 1, 2], [5, 5, 2, 5], [7, 4, 1, 3], [8, 3, 3, 1]] as const) {
      for (const strides of [[1, 2], [2, 2], [1, 3], [3, 3]] as const) {
        for (const pad of ["same", "valid"] as const) {
          if (pad === "valid" && (filterWidth > width || axisOf(width, filterWidth, strides[1], pad)[0] > 1)) continue;
          if (pad === "same" && Math.ceil(width / strides[1]) > 1) continue;
          check({ images: [3, height, width, channels], filter: [filterHeight, filterWidth, channels, 5], strides, pad });
        }
      }
    }
  }
}); // prettier-ignore

test("filters of one pixel with a stride", () => {
  for (const channels of [1, 4, 8, 16]) {
    for (const [height, width] of [[5, 16], [8, 8], [7, 5], [32, 6], [3, 1]] as const) {
      for (const strides of [[2, 2], [1, 2], [2, 1], [3, 3]] as const) {
        for (const pad of ["same", "valid"] as const) {
          check({ images: [4, height, width, channels], filter: [1, 1, channels, 16], strides, pad });
        }
      }
    }
  }
}); // prettier-ignore

test("a one-dimensional convolution with an output one long", () => {
  const x = tf.tensor3d([1, 2, 3, 4, 5, 6], [2, 3, 1]);
  const filter = tf.tensor3d([1, 10, 100], [3, 1, 1]);
  const step = (each: Tensor) => tf.conv1d(each as Tensor3D, filter, 2, "valid");
  leaveNumbers();
  assert.deepEqual([...step(x).dataSync()], [321, 654]);
  const gradient = tf.grad((each) => step(each).sum())(x);
  assert.deepEqual([...gradient.dataSync()], [1, 10, 100, 1, 10, 100]);
});

test("padding of its own, a fused bias and activation, and a gradient's images that nothing covers", () => {
  const x = tf.tensor4d([1, 2, 3, 4, 5, 6], [1, 2, 3, 1]);
  const filter = tf.ones([1, 1, 1, 2]) as Tensor4D;
  const fused = tf.fused.conv2d({ x, filter, strides: [1, 3], pad: "valid", bias: tf.tensor1d([-2, 2]), activation: "relu" }); // prettier-ignore
  assert.deepEqual([...fused.dataSync()], [0, 3, 2, 6]);
  const padded = tf.conv2d(
    x,
    tf.ones([3, 5, 1, 1]) as Tensor4D,
    [1, 4],
    [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ],
  );
  assert.deepEqual([padded.shape, [...padded.dataSync()]], [[1, 2, 1, 1], [21, 21]]); // prettier-ignore
  const gradient = tf.grad((each) => tf.conv2d(each as Tensor4D, filter, [1, 3], "valid").sum())(x);
  assert.deepEqual([...gradient.dataSync()], [2, 0, 0, 2, 0, 0]);
});

test("a filter that does not fit into the images is an error, not the images", () => {
  const [x, filter] = [tf.ones([1, 5, 2, 4]) as Tensor4D, tf.ones([3, 3, 4, 4]) as Tensor4D];
  assert.throws(() => tf.conv2d(x, filter, [1, 2], "valid"), {
    name: "RangeError",
    message: /as large as the filter, 3×3, but found 5×2: use padding "same"/,
  });
  assert.deepEqual(tf.conv2d(x, filter, [1, 2], "same").shape, [1, 5, 1, 4]);
});
