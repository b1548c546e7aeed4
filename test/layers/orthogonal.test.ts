import assert from "node:assert/strict";
import { test } from "node:test";
import { deltaOrthogonal, orthogonal } from "../../src/layers";
import { vgg38 } from "../../src/models";
import { type Tensor, type Tensor2D, tf } from "../../src/tensorflow";
import { assertClose } from "../support/assert-close";
import { measureGradients } from "../support/pytorch-fixture";

/** AᵀA or AAᵀ, whichever is smaller, is gain² times the identity. */
function assertOrthogonal(matrix: Tensor2D, gain: number) {
  const [rows, columns] = matrix.shape;
  const product = tf.matMul(matrix, matrix, rows >= columns, rows < columns);
  assertClose(product, tf.mul(tf.eye(Math.min(rows, columns)), gain ** 2), { tolerance: 5e-6 });
}

for (const backend of ["tensorflow", "cpu"]) {
  for (const shape of [
    [7, 7],
    [3, 8],
    [8, 3],
    [3, 3, 4, 5],
    [1, 1, 4, 9],
    [2, 3, 64],
  ])
    // prettier-ignore
    test(`orthogonal [${shape}], ${backend}: rows or columns are orthonormal, times the gain`, async () => {
      await tf.setBackend(backend);
      try {
        const kernel = orthogonal({ gain: 1.5, seed: 7 }).apply(shape) as Tensor;
        assert.deepEqual(kernel.shape, shape);
        assertOrthogonal(tf.reshape(kernel, [-1, shape.at(-1)!]) as Tensor2D, 1.5);
      } finally {
        await tf.setBackend("tensorflow");
      }
    });
}

for (const shape of [
  [3, 3, 5, 5],
  [3, 3, 3, 8],
  [1, 1, 4, 4],
  [2, 5, 4, 6],
  [3, 4, 4],
])
  // prettier-ignore
  test(`delta-orthogonal [${shape}]: orthogonal in the middle and zero elsewhere`, () => {
    const kernel = deltaOrthogonal({ gain: 2, seed: 3 }).apply(shape) as Tensor;
    const sides = shape.slice(0, -2);
    const middle = tf.slice(kernel, [...sides.map((side) => Math.floor((side - 1) / 2)), 0, 0], [...sides.map(() => 1), -1, -1]); // prettier-ignore
    assertOrthogonal(tf.reshape(middle, shape.slice(-2) as [number, number]), 2);
    const [all, inside] = [kernel, middle].map((each) => tf.sum(tf.abs(each)).dataSync()[0]!);
    assert.ok(Math.abs(all! - inside!) < 1e-5 * all!);
  });

test("orthogonal matrices are drawn evenly: signs and mean come out even, and seeds decide", () => {
  const drawn = Array.from({ length: 400 }, (_, i) => (orthogonal({ seed: i + 1 }).apply([2, 2]) as Tensor).dataSync());
  // A rotation or a reflection by any angle: each entry has mean 0 and variance a half, determinants either sign.
  for (const at of [0, 1, 2, 3]) {
    const mean = drawn.reduce((sum, each) => sum + each[at]!, 0) / 400;
    assert.ok(Math.abs(mean) < 4 * Math.sqrt(0.5 / 400), `entry ${at} has mean ${mean}`);
  }
  const turned = drawn.filter(([a, b, c, d]) => a! * d! - b! * c! > 0).length;
  assert.ok(turned > 160 && turned < 240, `${turned} of 400 rotations`);
  assert.deepEqual(orthogonal({ seed: 5 }).apply([2, 2]).dataSync(), drawn[4]);
});

test("wrong options and weights of one axis are refused", () => {
  for (const make of [orthogonal, deltaOrthogonal]) {
    assert.throws(() => make({ seed: 0 }), RangeError);
    assert.throws(() => make({ gain: -1 }), RangeError);
    assert.throws(() => make({ gian: 1 } as never), /did you mean gain\?/);
    assert.throws(() => make().apply([3]), /at least two axes .* found \[3\]/);
  }
});

test("VGG38's gradients reach the input from orthogonal and delta-orthogonal kernels", () => {
  for (const initializer of ["orthogonal", "deltaOrthogonal"] as const)
    for (const seed of [0, 1, 2]) {
      const model = vgg38({ seed, initializer });
      const { gradients } = measureGradients(model, 0, 32);
      model.dispose();
      const ratio = gradients["input_conv_conv_0/kernel"]![0] / gradients["weight_logit_linear_layer/kernel"]![0];
      assert.ok(ratio > 1e-3 && ratio < 1e3, `${initializer}, seed ${seed}: input to head ${ratio}`);
    }
});
