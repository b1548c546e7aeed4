/** Gradients that tfjs lacks, against differences of the function itself, op by op and compiled. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "../../../src/graph";
import { type Tensor, type Tensor1D, tf } from "../../../src/tensorflow";

const STEP = 1e-2;
const weights = (y: Tensor) => tf.cos(tf.range(1, y.size + 1)).reshape(y.shape);
/** Far from where a comparison or an order changes. */
const inputOf = (shape: number[]) => {
  const size = shape.reduce((product, each) => product * each, 1);
  return tf.tensor(
    Array.from({ length: size }, (_, at) => ((at * 7) % size) - size / 2 + 0.3),
    shape,
  );
};

const CASES: [name: string, shape: number[], f: (x: Tensor) => Tensor][] = [
  ["where", [6], (x) => tf.where(x.greater(0), x.square(), x.mul(0.1))],
  ["where of both", [2, 3], (x) => tf.where(tf.logicalAnd(x.greaterEqual(-2), x.less(1.5)), x.square(), x)],
  ["where of either and not", [2, 3], (x) => tf.where(tf.logicalOr(x.lessEqual(-2), x.equal(1)).logicalNot(), x.square(), x)], // prettier-ignore
  ["a mask", [6], (x) => x.square().mul(x.notEqual(3).cast("float32"))],
  ["any and all", [2, 3], (x) => x.square().mul(x.greater(-9).all(-1, true).cast("float32")).add(x.greater(0).any().cast("float32"))], // prettier-ignore
  ["thresholdedReLU", [2, 3], (x) => (tf.layers.thresholdedReLU({ theta: 0.5 }).apply(x) as Tensor).square()],
  ["masking", [2, 3, 2], (x) => (tf.layers.masking().apply(x) as Tensor).square()],
  ["topk", [3, 5], (x) => tf.topk(x.square(), 3).values],
  ["topk of a vector", [8], (x) => tf.topk(x, 2).values.square()],
  ["topk of three dimensions", [2, 2, 4], (x) => tf.topk(x.square(), 2).values],
  ["gather where it is largest", [8], (x) => tf.gather(x.square(), tf.topk(x as Tensor1D, 2).indices)],
  ["stridedSlice", [4, 5], (x) => tf.stridedSlice(x.square(), [0, 4], [4, 0], [2, -2])],
  [
    "stridedSlice that drops an axis",
    [4, 5],
    (x) => tf.stridedSlice(x.square(), [1, 0], [2, 5], [1, 2], 0, 0, 0, 0, 1),
  ],
  ["gatherND", [3, 4], (x) => tf.gatherND(x.square(), tf.tensor2d([[0, 1], [2, 3], [0, 1]], [3, 2], "int32"))], // prettier-ignore
  ["gatherND of rows", [3, 4], (x) => tf.gatherND(x.square(), tf.tensor2d([[2], [0]], [2, 1], "int32"))], // prettier-ignore
  ["scatterND", [3, 2], (x) => tf.scatterND(tf.tensor2d([[4], [1], [4]], [3, 1], "int32"), x.square(), [5, 2])], // prettier-ignore
  ["scatterND of a list", [3, 2], (x) => tf.scatterND(tf.tensor1d([4, 1, 4], "int32"), x.square(), [5, 2])],
];

for (const [name, shape, f] of CASES)
  test(`the gradient of ${name}`, () => {
    const x = inputOf(shape);
    const loss = (x: Tensor) => {
      const y = f(x);
      return y.mul(weights(y)).sum();
    };
    const found = tf.grad(loss)(x);
    assert.deepEqual(found.shape, shape);
    const at = tf.oneHot(tf.range(0, x.size, 1, "int32"), x.size).reshape([x.size, ...shape]);
    const expected = tf.unstack(at).map((unit) => {
      const moved = tf.mul(unit, STEP);
      return (loss(x.add(moved)).dataSync()[0]! - loss(x.sub(moved)).dataSync()[0]!) / (2 * STEP);
    });
    found.dataSync().forEach((value, i) => {
      assert.ok(
        Math.abs(value - expected[i]!) < 2e-2 * Math.max(1, Math.abs(value)),
        `${value}, ${expected[i]} at ${i}`,
      );
    });
    const step = compile((x: Tensor) => tf.grad(loss)(x));
    assert.deepEqual([...step(x).dataSync()], [...found.dataSync()]);
    const other = x.mul(-0.9);
    assert.deepEqual([...step(other).dataSync()], [...tf.grad(loss)(other).dataSync()]);
    step.dispose();
  });
