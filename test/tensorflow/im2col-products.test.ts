/** Filters' gradients as products of patches, against TensorFlow's own op, and which gradients they are. */
import assert from "node:assert/strict";
import { test as nodeTest } from "node:test";
import { compile } from "../../src/graph";
import { attribute, hasOwnIm2col, rawOp, type Tensor, type Tensor4D, tf } from "../../src/tensorflow";
import { countOps } from "../support/count-ops";
import { symmetric } from "../support/deterministic";
import { assertAllSameBits, relativeError, takeValues } from "../support/same-bits";

const skip = !hasOwnIm2col() && "needs native TensorFlow";
const test = (name: string, body: () => void) => nodeTest(name, { skip }, body);

interface Case {
  readonly images: readonly [number, number, number, number];
  readonly filter: readonly [number, number, number, number];
  readonly stride?: number | [number, number];
  readonly pad?: "same" | "valid";
}

const some = (what: string, shape: readonly number[]) =>
  tf.tensor(symmetric(what, shape.reduce((a, b) => a * b, 1), 1), [...shape]); // prettier-ignore

/** tfjs's kernel of the filter's gradient, by tf.grad. */
function gradientOf({ images, filter, stride = 1, pad = "same" }: Case, make = some): Tensor {
  const x = make("images", images) as Tensor4D;
  const convolve = (taps: Tensor) => tf.conv2d(x, taps as Tensor4D, stride, pad);
  const taps = tf.zeros([...filter]);
  const dy = make("gradient", convolve(taps).shape);
  return tf.grad((each) => tf.sum(tf.mul(convolve(each), dy)))(taps);
}

/** The same by TensorFlow's op. */
function expectedOf({ images, filter, stride = 1, pad = "same" }: Case): Tensor {
  const [x, taps] = [some("images", images) as Tensor4D, tf.zeros([...filter]) as Tensor4D];
  const dy = some("gradient", tf.conv2d(x, taps, stride, pad).shape);
  return rawOp(
    "Conv2DBackpropFilter",
    {
      T: attribute.type("float32"),
      strides: attribute.int([1, ...[stride, stride].flat().slice(0, 2), 1]),
      padding: attribute.string(pad.toUpperCase()),
      data_format: attribute.string("NHWC"),
    },
    [x, tf.tensor1d([...filter], "int32"), dy],
  )[0]!;
}

const opsOf = (each: Case) =>
  countOps(() => tf.tidy(() => void gradientOf(each, (_, shape) => tf.zeros([...shape])))).ops;

const PATCHED: readonly Case[] = [
  { images: [5, 8, 8, 16], filter: [3, 3, 16, 32], stride: 2 },
  { images: [5, 10, 10, 32], filter: [3, 3, 32, 16], stride: 2, pad: "valid" },
  { images: [3, 9, 7, 16], filter: [3, 3, 16, 16], stride: [2, 1] },
  { images: [3, 8, 7, 16], filter: [3, 3, 16, 16], stride: [1, 2], pad: "valid" },
  { images: [2, 7, 7, 16], filter: [3, 3, 16, 16] },
  { images: [4, 3, 3, 16], filter: [3, 3, 16, 48], stride: 3 },
  // A stride wider than the filter leaves pixels out.
  { images: [2, 21, 21, 16], filter: [3, 3, 16, 16], stride: 5 },
  // Too few tiles for Winograd.
  { images: [2, 2, 2, 512], filter: [3, 3, 512, 64] },
  { images: [1, 1, 1, 16], filter: [3, 3, 16, 16] },
];

const POINTWISE: Case = { images: [6, 4, 8, 32], filter: [1, 1, 32, 64] };

test("the filter's gradient is TensorFlow's, to rounding: strides, paddings, images of all small sizes", () => {
  for (const each of [...PATCHED, POINTWISE]) {
    tf.tidy(() => {
      const [found, expected] = [gradientOf(each), expectedOf(each)];
      assert.deepEqual(found.shape, expected.shape);
      const error = relativeError(found.dataSync(), expected.dataSync());
      assert.ok(error < 1e-6, `${JSON.stringify(each)}: ${error}`);
    });
  }
});

test("which gradients they are", () => {
  for (const each of PATCHED) assert.equal(opsOf(each)["GradampIm2col"], 1, JSON.stringify(each));
  const { GradampIm2col, BatchMatMulV2, Conv2DBackpropFilter } = opsOf(POINTWISE);
  assert.deepEqual([GradampIm2col, BatchMatMulV2, Conv2DBackpropFilter], [undefined, 1, undefined]);
  const others: Case[] = [
    { images: [2, 18, 18, 16], filter: [3, 3, 16, 16], stride: 2 },
    { images: [2, 8, 8, 16], filter: [5, 5, 16, 16] },
    { images: [2, 8, 8, 16], filter: [1, 1, 16, 16], stride: 2 },
    { images: [2, 7, 7, 3], filter: [3, 3, 3, 16] },
    // 37.7 million numbers of patches.
    { images: [1024, 16, 16, 64], filter: [3, 3, 64, 16], stride: 2 },
  ];
  for (const each of others) assert.equal(opsOf(each)["Conv2DBackpropFilter"], 1, JSON.stringify(each));
});

test("GradampIm2col writes out what a filter sees, zeros outside of the image, and refuses what does not fit", () => {
  tf.tidy(() => {
    const patches = (x: Tensor, dy: Tensor, attributes = {}) =>
      rawOp("GradampIm2col", { T: attribute.type("float32"), ...attributes }, [x, dy])[0]!;
    const image = tf.reshape(tf.range(1, 13), [1, 3, 4, 1]);
    const found = patches(image, tf.zeros([1, 2, 2, 7]), { strides: attribute.int([2, 2]) });
    assert.deepEqual(found.shape, [1, 2, 2, 3, 3, 1]);
    assert.deepEqual(
      [...found.dataSync()],
      [0, 0, 0, 0, 1, 2, 0, 5, 6, 0, 0, 0, 2, 3, 4, 6, 7, 8, 0, 5, 6, 0, 9, 10, 0, 0, 0, 6, 7, 8, 10, 11, 12, 0, 0, 0],
    );
    assert.deepEqual(patches(tf.zeros([0, 3, 4, 2]), tf.zeros([0, 3, 4, 2])).shape, [0, 3, 4, 3, 3, 2]);
    assert.throws(() => patches(image, tf.zeros([2, 3, 4, 1])), /as many images as gradients/);
    assert.throws(() => patches(tf.zeros([3, 4]), tf.zeros([3, 4])), /of four dimensions/);
  });
});

test("compiled they give the same bits, and in bfloat16 whole numbers exactly", () => {
  const each: Case = { images: [6, 10, 10, 32], filter: [3, 3, 32, 16], stride: 2, pad: "valid" };
  const step = (x: Tensor, taps: Tensor, dy: Tensor) =>
    tf.grad((filter) => tf.sum(tf.mul(tf.conv2d(x as Tensor4D, filter as Tensor4D, 2, "valid"), dy)))(taps);
  const inputs = [some("x", each.images), some("taps", each.filter), some("dy", [6, 4, 4, 16])] as const;
  const whole = inputs.map((tensor) => tf.round(tf.mul(tensor, 2))) as unknown as typeof inputs;
  const [compiled, short] = [compile(step), compile(step, { precision: "bfloat16" })];
  assertAllSameBits(takeValues([compiled(...inputs)]), takeValues([step(...inputs)]));
  assertAllSameBits(takeValues([short(...whole)]), takeValues([step(...whole)]));
  for (const call of [compiled, short]) call.dispose();
  tf.dispose([...inputs, ...whole]);
});
