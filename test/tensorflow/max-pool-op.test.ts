/** GradampMaxPoolGrad gives the bits of TensorFlow's own kernel, ties, NaN and infinities included, and the same each time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { attribute, hasOwnMaxPool, rawOp, type Tensor4D, tf } from "../../src/tensorflow";
import { symmetric } from "../support/deterministic";
import { assertSameBits, takeValues } from "../support/same-bits";

const SPECIAL = [NaN, Infinity, -Infinity, -0, 0, 1e-40];
const SHAPES = [
  [4, 9, 8, 5],
  [2, 7, 7, 64],
  [3, 1, 1, 1],
  [1, 5, 1, 70],
  [1, 6, 9, 130],
  [0, 4, 4, 2],
] as const;
const WINDOWS = [
  [3, 3],
  [2, 3],
  [1, 2],
  [5, 5],
  [2, 2],
] as const;
const STRIDES = [
  [1, 1],
  [2, 2],
  [2, 1],
  [1, 3],
] as const;

/** Whole numbers, so that many are equal, with numbers among them that are not finite or hardly there. */
function tensorOf(key: string, shape: readonly number[], isSpecial: boolean): Tensor4D {
  const values = symmetric(key, shape.reduce((product, size) => product * size, 1), 3).map(Math.round); // prettier-ignore
  if (isSpecial) for (let at = 0; at < values.length; at += 7) values[at] = SPECIAL[(at / 7) % SPECIAL.length]!;
  return tf.tensor4d(values, shape as [number, number, number, number]);
}

function gradients(
  x: Tensor4D,
  dy: Tensor4D,
  window: readonly number[],
  strides: readonly number[],
  pad: "same" | "valid",
) {
  const y = tf.maxPool(x, window as [number, number], strides as [number, number], pad);
  const stock = {
    T: attribute.type("float32"),
    ksize: attribute.int([1, ...window, 1]),
    strides: attribute.int([1, ...strides, 1]),
    padding: attribute.string(pad.toUpperCase()),
  };
  const before = [0, 1].map((axis) => {
    const needed = (y.shape[axis + 1]! - 1) * strides[axis]! + window[axis]! - x.shape[axis + 1]!;
    return pad === "same" ? Math.floor(Math.max(0, needed) / 2) : 0;
  });
  const own = { T: attribute.type("float32"), window: attribute.int(window), strides: attribute.int(strides), padding_before: attribute.int(before) }; // prettier-ignore
  return {
    stock: () => rawOp("MaxPoolGrad", stock, [x, y, dy])[0]!,
    own: () => rawOp("GradampMaxPoolGrad", own, [x, dy])[0]!,
  };
}

const skip = !hasOwnMaxPool() && "the addon's operations are not here";

for (const isSpecial of [false, true])
  test(
    `windows of every kind over ${isSpecial ? "numbers that are not finite, too" : "whole numbers"}`,
    { skip },
    () => {
      let cases = 0;
      for (const shape of SHAPES)
        for (const window of WINDOWS)
          for (const strides of STRIDES)
            for (const pad of ["same", "valid"] as const) {
              if (pad === "valid" && (shape[1] < window[0] || shape[2] < window[1])) continue;
              const x = tensorOf("x", shape, isSpecial);
              const outputs = tf.maxPool(x, [...window], [...strides], pad).shape;
              const { stock, own } = gradients(x, tensorOf("dy", outputs, isSpecial), window, strides, pad);
              const [wanted, found] = takeValues([stock(), own()]);
              assertSameBits(found!, wanted!, `${String(shape)}, ${String(window)}, ${String(strides)}, ${pad}`);
              cases++;
            }
      assert.ok(cases > 150, `${cases} cases`);
    },
  );

test("the same bits each time, from however many threads", { skip }, () => {
  const x = tensorOf("x", [16, 16, 16, 70], false);
  const { own } = gradients(
    x,
    tf.tensor4d(symmetric("dy", 16 * 8 * 8 * 70, 1), [16, 8, 8, 70]),
    [3, 3],
    [2, 2],
    "same",
  );
  const [first] = takeValues([own()]);
  for (let time = 0; time < 20; time++) assertSameBits(takeValues([own()])[0]!, first!);
});

test("what does not belong together is an error", { skip }, () => {
  const attributes = { T: attribute.type("float32"), window: attribute.int([3, 3]), strides: attribute.int([2, 2]), padding_before: attribute.int([0, 0]) }; // prettier-ignore
  const run = (x: number[], dy: number[]) => rawOp("GradampMaxPoolGrad", attributes, [tf.zeros(x), tf.zeros(dy)]);
  assert.throws(() => run([2, 9, 9, 3], [1, 4, 4, 3]), /as many images and channels/);
  assert.throws(() => run([2, 9, 9, 3], [2, 4, 4, 2]), /as many images and channels/);
});
