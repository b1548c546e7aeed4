/** What the patches mend, beside tfjs's own backend in JavaScript: op by op, compiled, and the gradients. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, type Output, TraceError } from "../../../src/graph";
import { graphBinding, type Rank, type Tensor, type Tensor4D, type Tensor5D, tf } from "../../../src/tensorflow";

type Result = Tensor | Tensor[];

const some = (shape: number[], seed = 1) => tf.randomNormal(shape, 0, 1, "float32", seed);
/** The gradients of a function of random tensors, with an outer gradient that differs from output to output. */
const gradients = (f: (...inputs: Tensor[]) => Tensor, ...shapes: number[][]): Result => {
  const inputs = shapes.map((shape, at) => some(shape, at + 1));
  return tf.grads((...xs) => {
    const y = f(...xs);
    return tf.mul(y, tf.sin(tf.range(0, y.size).reshape(y.shape))).sum();
  })(inputs);
};

const PADS = [1, [[0, 0], [1, 2], [0, 1], [0, 0]]] as const; // prettier-ignore
const images = (x: Tensor) => x as Tensor4D;

const CASES: Record<string, () => Result> = {};
for (const pad of PADS as unknown as number[])
  for (const stride of [1, 2]) {
    const name = `padding ${JSON.stringify(pad)}, stride ${stride}`;
    const [x, filter, wise] = [[2, 5, 6, 3], [3, 3, 3, 4], [3, 2, 3, 2]]; // prettier-ignore
    CASES[`conv2d, ${name}`] = () => gradients((x, f) => tf.conv2d(images(x), images(f), stride, pad), x!, filter!);
    CASES[`depthwiseConv2d, ${name}`] = () =>
      gradients((x, f) => tf.depthwiseConv2d(images(x), images(f), stride, pad), x!, wise!);
    CASES[`fused.conv2d, ${name}`] = () =>
      gradients(
        (x, f, bias) => tf.fused.conv2d({ x: images(x), filter: images(f), strides: stride, pad, bias, activation: "relu" }), // prettier-ignore
        x!,
        filter!,
        [4], // prettier-ignore
      );
    CASES[`maxPool, ${name}`] = () => gradients((x) => tf.maxPool(images(x), 3, stride, pad), x!);
    CASES[`avgPool, ${name}`] = () => tf.avgPool(images(some(x!)), [3, 2], stride, pad);
  }
for (const rounding of ["floor", "round", "ceil"] as const) {
  CASES[`maxPool rounding by ${rounding}`] = () => tf.maxPool(images(some([1, 6, 7, 2])), 3, 2, 1, rounding);
  CASES[`avgPool rounding by ${rounding}`] = () => tf.avgPool(images(some([1, 6, 7, 2])), 3, 2, 1, rounding);
  CASES[`maxPool3d rounding by ${rounding}`] = () =>
    gradients((x) => tf.maxPool3d(x as Tensor5D, 3, 2, 1, rounding), [1, 4, 6, 7, 2]);
  CASES[`avgPool3d rounding by ${rounding}`] = () => tf.avgPool3d(some([1, 4, 6, 7, 2]) as Tensor5D, 3, 2, 1, rounding);
}
CASES["conv2d of channels first with padding"] = () =>
  tf.conv2d(images(some([1, 3, 5, 6])), images(some([3, 3, 3, 4])), 1, 1, "NCHW");
for (const activation of ["relu", "prelu", "linear"] as const)
  CASES[`fused.conv2d of channels first, ${activation}`] = () =>
    tf.fused.conv2d({
      x: images(some([2, 3, 5, 6])),
      filter: images(some([3, 3, 3, 4])),
      strides: 1,
      pad: "valid",
      dataFormat: "NCHW",
      bias: some([4], 3),
      activation,
      ...(activation === "prelu" ? { preluActivationWeights: some([4], 4) } : {}),
    });
for (const [shape, axis] of [
  [[5], 0],
  [[4, 4], 0],
  [[2, 3, 4], 1],
  [[3, 3, 3], 0],
  [[2, 5], 1],
] as [number[], number][])
  // prettier-ignore
  for (const exclusive of [false, true])
    for (const reverse of [false, true])
      CASES[`cumsum of [${shape.join(", ")}] over ${axis}, exclusive ${exclusive}, reverse ${reverse}`] = () =>
        tf.cumsum(some(shape), axis, exclusive, reverse);
CASES["unstack into one"] = () => gradients((x) => tf.unstack(x)[0]!, [1, 3]);
CASES["unstack into three"] = () => gradients((x) => tf.add(tf.unstack(x, 1)[0]!, tf.unstack(x, 1)[2]!), [2, 3]);
CASES["exp of int32"] = () => tf.exp(tf.tensor1d([-1, 0, 3], "int32"));
CASES["leakyRelu of int32"] = () => tf.leakyRelu(tf.tensor1d([-10, 0, 3], "int32"), 0.5);
CASES["step of int32"] = () => tf.step(tf.tensor1d([-10, 0, 3], "int32"));
CASES["diag of bool"] = () => tf.diag(tf.tensor1d([true, false, true], "bool"));
CASES["comparisons of strings"] = () => {
  const [a, b] = [tf.tensor1d(["a", "b", "b"]), tf.tensor1d(["b", "b", "a"])];
  return [tf.less(a, b), tf.lessEqual(a, b), tf.greater(a, b), tf.greaterEqual(a, b)];
};
CASES["scatterND of rows"] = () =>
  tf.scatterND(tf.tensor1d([4, 1, 4], "int32"), tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]), [5, 2]);
CASES["denseBincount"] = () => tf.denseBincount(tf.tensor1d([1, 1, 5, 9], "int32"), tf.tensor1d([1, 2, 3, 4]), 6);
CASES["bitwiseAnd"] = () => tf.bitwiseAnd(tf.tensor1d([12, 7], "int32"), tf.tensor1d([10, 2], "int32"));
CASES["lowerBound and upperBound"] = () => {
  const [sorted, values] = [tf.tensor1d([0, 3, 3, 9]), tf.tensor1d([0, 3, 6])];
  return [tf.lowerBound(sorted, values), tf.upperBound(sorted, values)];
};
for (const interpolation of ["nearest", "bilinear"] as const)
  for (const fill of ["constant", "reflect", "wrap", "nearest"] as const)
    CASES[`image.transform, ${interpolation}, ${fill}`] = () =>
      tf.image.transform(
        images(some([1, 5, 6, 3])),
        tf.tensor2d([[0.931, 0.217, 1.013, -0.123, 1.119, 0.467, 0, 0]]),
        interpolation,
        fill,
        0.5,
      );
CASES["image.rotateWithOffset"] = () => tf.image.rotateWithOffset(images(some([1, 5, 6, 3])), 0.5);
CASES["round of int32"] = () => tf.round(tf.tensor1d([-5, 7], "int32"));

/** A result in the host's memory. */
function take(call: () => Result): { shape: number[]; dtype: string; values: number[] }[] {
  return tf.tidy(() =>
    [call()].flat().map((tensor) => ({
      shape: tensor.shape,
      dtype: tensor.dtype,
      values: Array.from(tensor.dataSync()),
    })),
  );
}

function assertAlike(found: ReturnType<typeof take>, expected: ReturnType<typeof take>, bound: number): void {
  const kinds = (all: ReturnType<typeof take>) => all.map(({ shape, dtype }) => `${dtype} [${shape.join(", ")}]`);
  assert.deepEqual(kinds(found), kinds(expected));
  expected.forEach(({ values }, at) => {
    const scale = Math.max(1, ...values.map(Math.abs));
    values.forEach((value, i) => {
      const difference = Math.abs(found[at]!.values[i]! - value);
      assert.ok(difference <= bound * scale, `${found[at]!.values[i]} at ${i} where ${value} was expected`);
    });
  });
}

const options = { skip: !graphBinding() && "needs native TensorFlow and gradamp's addon" };

/** Runs on tfjs's own backend, without its advice to install another. */
function inJavaScript<Value>(call: () => Value): Value {
  (tf.findBackend("cpu") as unknown as { firstUse: boolean }).firstUse = false;
  void tf.setBackend("cpu");
  try {
    return call();
  } finally {
    void tf.setBackend("tensorflow");
  }
}

for (const [name, call] of Object.entries(CASES))
  test(`${name}, as in JavaScript`, options, () => {
    const expected = inJavaScript(() => take(call));
    const found = take(call);
    assertAlike(found, expected, 1e-5);
    const before = tf.memory().numTensors;
    const step = compile(call as () => Output);
    try {
      take(step as () => Result).forEach(({ shape }, at) => assert.deepEqual(shape, found[at]!.shape));
    } catch (error) {
      assert.ok(error instanceof TraceError);
      assert.match(error.message, /engine: "eager"/);
    }
    step.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

test("the gradient of a padded average is that of what it adds up", options, () => {
  for (const pad of PADS as unknown as number[]) {
    // Written as a product with a matrix, found by averaging unit images.
    const size = 4 * 5;
    const units = tf.eye(size).reshape([size, 4, 5, 1]) as Tensor4D;
    const matrix = tf.avgPool(units, [3, 2], 2, pad).reshape([size, -1]);
    const dy = some([1, matrix.shape[1]!], 5);
    const x = some([1, 4, 5, 1]);
    const found = tf.grad((x) => tf.avgPool(images(x), [3, 2], 2, pad).reshape([1, -1]).mul(dy).sum())(x);
    const expected = tf.matMul(dy, matrix as Tensor<Rank.R2>, false, true).reshape([1, 4, 5, 1]);
    assert.ok(tf.max(tf.abs(tf.sub(found, expected))).dataSync()[0]! < 1e-5);
  }
});

test("the gradient of a padded maximum goes to each window's largest pixel, whatever the rounding", options, () => {
  // tfjs's own leaves the last windows out where they are there by rounding up.
  for (const rounding of ["floor", "round", "ceil"] as const) {
    const x = some([1, 6, 7, 2]);
    const pooled = tf.maxPool(images(x), 3, 2, 1, rounding);
    const found = tf.grad((x) => tf.maxPool(images(x), 3, 2, 1, rounding).sum())(x);
    // One for each window, at pixels that have the windows' values.
    assert.equal(found.sum().dataSync()[0], pooled.size);
    const [sum, product] = [pooled.sum(), found.mul(x).sum()];
    assert.ok(Math.abs(sum.dataSync()[0]! - product.dataSync()[0]!) < 1e-4);
  }
});

test("the gradient of cumsum is its transposed sum", options, () => {
  for (const [shape, axis] of [
    [[4, 4], 0],
    [[4, 4], 1],
    [[2, 3, 4], 0],
    [[2, 3, 4], 1],
    [[3, 3, 3], 1],
  ] as [number[], number][])
    // prettier-ignore
    for (const exclusive of [false, true])
      for (const reverse of [false, true]) {
        const [x, weight] = [some(shape), some(shape, 7)];
        const found = tf.grad((x) => tf.cumsum(x, axis, exclusive, reverse).mul(weight).sum())(x);
        // Σ w·cumsum(x) is linear in x, so its gradient times x is the sum itself.
        const [sum, product] = [tf.cumsum(x, axis, exclusive, reverse).mul(weight).sum(), found.mul(x).sum()];
        assert.ok(Math.abs(sum.dataSync()[0]! - product.dataSync()[0]!) < 1e-4, JSON.stringify([shape, axis]));
        const other = some(shape, 9);
        const ofOther = tf.cumsum(other, axis, exclusive, reverse).mul(weight).sum().sub(found.mul(other).sum());
        assert.ok(Math.abs(ofOther.dataSync()[0]!) < 1e-4, JSON.stringify([shape, axis, exclusive, reverse]));
      }
});

test("linalg.bandPart has a gradient", options, () => {
  const gradient = tf.grad((x) => tf.linalg.bandPart(x, 1, 0).sum())(tf.ones([3, 3]));
  assert.deepEqual(gradient.arraySync(), [[1, 0, 0], [1, 1, 0], [0, 1, 1]]); // prettier-ignore
});

test("tf.exp leaves its input alive", options, () => {
  const x = tf.tensor1d([1, 2], "int32");
  tf.exp(x);
  assert.deepEqual([...x.dataSync()], [1, 2]);
});

test("a seed gives the same draws of tf.multinomial, another seed others", options, () => {
  const draw = (seed: number, normalized = false) => {
    const chances = normalized ? tf.tensor1d([0.2, 0.3, 0.5]) : tf.tensor1d([0, 1, 2]);
    return tf.multinomial(chances, 50, seed, normalized).dataSync().join();
  };
  assert.equal(draw(3), draw(3));
  assert.notEqual(draw(3), draw(4));
  assert.notEqual(draw(0.25), draw(0.75));
  assert.match(draw(5, true), /^[012](,[012]){49}$/);
});

test("a compiled softmax has the bits of a plain one, NaN and infinities included", options, () => {
  const step = compile((x: Tensor) => tf.softmax(x));
  const rows = [[NaN, 1, 2, 3], [1, NaN, 2, 3], [Infinity, 1, 2, 3], [-Infinity, 1, 2, 3], [-Infinity, -Infinity, -Infinity, -Infinity], [1e30, 2, 3, 4], [1, 2, 3, 4]]; // prettier-ignore
  for (const x of [tf.tensor2d(rows), tf.tensor1d(rows[0]!), some([64, 1000]), some([3, 5, 7])]) {
    assert.deepEqual([...step(x).dataSync()], [...tf.softmax(x).dataSync()]);
  }
  step.dispose();
});
