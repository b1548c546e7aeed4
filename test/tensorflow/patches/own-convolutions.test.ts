/** gradamp's own convolutions, against the definition's sums, and which convolutions they are. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test as nodeTest } from "node:test";
import {
  CONVOLUTION_OPS,
  convolutionAt,
  type ConvolutionSize,
  inputsOf,
  type Operands,
} from "../../../bench/support/convolution-accuracy";
import { lookAtTrainingGraph } from "../../../bench/support/training-graph";
import { compile } from "../../../src/graph";
import { DataType } from "../../../src/graph/data-type";
import { bfloat16Pass } from "../../../src/graph/passes/bfloat16";
import { modelByName } from "../../../src/models";
import { attribute, convolvesBFloat16, hasOwnConvolutions, rawOp, type Scalar, type Tensor, type Tensor4D, tf, type Variable } from "../../../src/tensorflow"; // prettier-ignore
import { countOps } from "../../support/count-ops";
import { assertSameEverywhere } from "../../support/assert-same-everywhere";
import { symmetric } from "../../support/deterministic";
import { runNode } from "../../support/run-node";
import { assertAllSameBits, relativeError, takeValues } from "../../support/same-bits";
import { applying } from "../../support/training-graph";

const skip = !hasOwnConvolutions() && "gradamp's convolutions are for x86 processors with AVX2, with native TensorFlow";
const test = (name: string, body: () => void) => nodeTest(name, { skip }, body);

type Size = ConvolutionSize;

const T = { T: attribute.type("float32") };
/** What TensorFlow's own op wants to be told. */
const plain = {
  ...T,
  strides: attribute.int([1, 1, 1, 1]),
  padding: attribute.string("SAME"),
  data_format: attribute.string("NHWC"),
};

function operandsOf([n, h, w, c, k]: Size): Operands {
  const some = (what: string, shape: number[]) =>
    tf.tensor(symmetric(what, shape.reduce((a, b) => a * b, 1), 1), shape); // prettier-ignore
  return { x: some("x", [n, h, w, c]), filter: some("filter", [3, 3, c, k]), dy: some("dy", [n, h, w, k]) };
}

/** An op's inputs by its name: numbers in [−1, 1]. */
function inputsByOp(size: Size): Record<string, Tensor[]> {
  const operands = operandsOf(size);
  return Object.fromEntries(CONVOLUTION_OPS.map((op) => [op, inputsOf(op, size, operands)]));
}

const SIZES: readonly Size[] = [
  [1, 2, 2, 16, 16],
  // Registers partly filled: 3 tiles in a row, 48 channels.
  [3, 4, 6, 48, 16],
  [2, 6, 10, 16, 48],
  // More tiles in a row than a block has; one row of tiles.
  [1, 2, 130, 16, 32],
  // Many blocks, the last one smaller, and more than one part of the filter's gradient.
  [21, 18, 14, 32, 16],
  [2, 4, 4, 128, 256],
];

for (const size of SIZES) {
  test(`[${size.slice(0, 3).join(", ")}], ${size[3]} to ${size[4]} channels: the definition's sums, at corners and within`, () => {
    tf.tidy(() => {
      const operands = operandsOf(size);
      for (const op of CONVOLUTION_OPS) {
        const inputs = inputsOf(op, size, operands);
        const [result] = rawOp(`Gradamp${op}`, T, inputs);
        assert.deepEqual(result!.shape, rawOp(op, plain, inputs)[0]!.shape, op);
        const values = result!.dataSync();
        const step = Math.max(1, Math.floor(values.length / 97));
        const places = [0, values.length - 1, ...Array.from({ length: 97 }, (_, at) => (at * step) % values.length)];
        const found = places.map((place) => values[place]!);
        const expected = convolutionAt(op, size, operands, places).map(({ value }) => value);
        const error = relativeError(found, expected);
        assert.ok(error < 5e-6, `${op} is ${error} off`);
      }
    });
  });
}

test("every output is TensorFlow's, to rounding: borders, blocks' ends, all channels", () => {
  tf.tidy(() => {
    for (const size of [...SIZES, [50, 8, 8, 64, 64] as const]) {
      for (const [op, inputs] of Object.entries(inputsByOp(size))) {
        const [own] = rawOp(`Gradamp${op}`, T, inputs);
        const [stock] = rawOp(op, plain, inputs);
        const error = relativeError(own!.dataSync(), stock!.dataSync());
        assert.ok(error < 5e-6, `${op}, ${String(size)}: ${error}`);
      }
    }
  });
});

test("small whole numbers are exact, powers of two pass through", () => {
  tf.tidy(() => {
    const size = [2, 6, 6, 16, 16] as const;
    for (const [op, inputs] of Object.entries(inputsByOp(size))) {
      const whole = inputs.map((tensor) => (tensor.dtype === "int32" ? tensor : tf.round(tf.mul(tensor, 4))));
      const [own, stock] = [rawOp(`Gradamp${op}`, T, whole), rawOp(op, plain, whole)].map(([result]) => result!);
      assert.deepEqual(own!.dataSync(), stock!.dataSync(), op);
      const scaled = inputs.map((tensor, at) => (at === inputs.length - 1 ? tf.mul(tensor, 2 ** -40) : tensor));
      const [once, scaledOnce] = [inputs, scaled].map((each) => rawOp(`Gradamp${op}`, T, each)[0]!.dataSync());
      assert.deepEqual(scaledOnce, once!.map((value) => value * 2 ** -40), op); // prettier-ignore
    }
  });
});

test("what does not fit is refused; no images give none, and a gradient of zeros", () => {
  tf.tidy(() => {
    const run = (op: string, ...shapes: number[][]) => rawOp(`Gradamp${op}`, T, shapes.map((shape) => tf.ones(shape))); // prettier-ignore
    assert.throws(() => run("Conv2D", [1, 5, 4, 16], [3, 3, 16, 16]), /Expected an even height and width/);
    assert.throws(() => run("Conv2D", [1, 4, 4, 8], [3, 3, 8, 16]), /channels in multiples of 16/);
    assert.throws(() => run("Conv2D", [1, 4, 4, 16], [1, 1, 16, 16]), /Expected filters of 3×3/);
    assert.throws(() => run("Conv2D", [1, 4, 4, 16], [3, 3, 32, 16]), /a filter of the images' channels/);
    const sizes = tf.tensor1d([3, 3, 16, 16], "int32");
    const mismatch = [tf.ones([2, 4, 4, 16]), sizes, tf.ones([1, 4, 4, 16])];
    assert.throws(() => rawOp("GradampConv2DBackpropFilter", T, mismatch), /a gradient of the images' size/);
    assert.deepEqual(run("Conv2D", [0, 4, 4, 16], [3, 3, 16, 32])[0]!.shape, [0, 4, 4, 32]);
    const [none] = rawOp("GradampConv2DBackpropFilter", T, [tf.ones([0, 4, 4, 16]), sizes, tf.ones([0, 4, 4, 16])]);
    assert.ok(none!.dataSync().every((value) => value === 0));
  });
});

test("neither how many threads there are nor how wide its vectors are changes a bit", () => {
  const program = `
    const { tf, rawOp, attribute } = require(${JSON.stringify(join(__dirname, "../../../src/tensorflow"))});
    const x = tf.randomNormal([40, 16, 16, 32], 0, 1, "float32", 1), dy = tf.randomNormal([40, 16, 16, 48], 0, 1, "float32", 2);
    const filter = tf.randomNormal([3, 3, 32, 48], 0, 1, "float32", 3), T = { T: attribute.type("float32") };
    const sizes = tf.tensor1d([0, 0, 0, 0], "int32");
    const hash = require("node:crypto").createHash("sha256");
    for (const [op, inputs] of [["", [x, filter]], ["BackpropInput", [sizes, filter, dy]], ["BackpropFilter", [x, sizes, dy]]])
      hash.update(Buffer.from(rawOp("GradampConv2D" + op, T, inputs)[0].dataSync().slice().buffer));
    console.log(hash.digest("hex"));`;
  assertSameEverywhere(program);
});

test("which convolutions they are, forward and backward, with a bias and an activation, too", () => {
  const opsOf = (
    shape: [number, number, number, number],
    filter: [number, number, number, number],
    call: (x: Tensor4D, filter: Tensor4D) => Tensor,
  ) =>
    // prettier-ignore
    tf.tidy(() => {
      const inputs = [tf.ones(shape), tf.ones(filter)];
      const { ops } = countOps(() => tf.grads((...each) => call(each[0] as Tensor4D, each[1] as Tensor4D))(inputs));
      return Object.keys(ops)
        .filter((op) => op.includes("Conv2D"))
        .sort();
    });
  const conv = (strides = 1, pad: "same" | "valid" = "same") => (x: Tensor4D, filter: Tensor4D) => tf.conv2d(x, filter, strides, pad); // prettier-ignore
  const own = ["GradampConv2D", "GradampConv2DBackpropFilter", "GradampConv2DBackpropInput"];
  const stock = ["Conv2D", "Conv2DBackpropFilter", "Conv2DBackpropInput"];
  assert.deepEqual(opsOf([2, 16, 16, 16], [3, 3, 16, 32], conv()), own);
  assert.deepEqual(opsOf([16, 16, 16, 16], [3, 3, 16, 512], conv()), own);
  for (const [shape, filter, call] of [
    [[2, 32, 32, 16], [3, 3, 16, 32], conv(2)],
    [[2, 16, 16, 16], [3, 3, 16, 32], conv(1, "valid")],
    [[2, 16, 16, 16], [5, 5, 16, 32], conv()],
    [[2, 16, 16, 16], [1, 1, 16, 32], conv()],
    [[2, 17, 16, 16], [3, 3, 16, 32], conv()],
    [[2, 16, 16, 8], [3, 3, 8, 32], conv()],
    [[2, 16, 16, 16], [3, 3, 16, 272], conv()],
    [[16, 16, 16, 16], [3, 3, 16, 528], conv()],
    [[3, 9, 9, 16], [3, 3, 16, 16], conv()],
    // 56 tiles.
    [[1, 14, 16, 16], [3, 3, 16, 16], conv()],
  ] as const)
    assert.deepEqual(opsOf([...shape], [...filter], call), stock, `${String(shape)} by ${String(filter)}`);
  const fused = () =>
    tf.fused.conv2d({
      ...{ x: tf.ones([2, 16, 16, 16]) as Tensor4D, filter: tf.ones([3, 3, 16, 32]) as Tensor4D },
      ...{ strides: 1, pad: "same" as const, bias: tf.ones([32]), activation: "relu" as const },
    });
  assert.equal(countOps(() => tf.tidy(() => void fused())).ops["GradampConv2D"], 1);
  tf.tidy(() => assert.ok(fused().dataSync().every((value) => [65, 97, 145].includes(value)))); // prettier-ignore
});

test("a step gives compiled what it gives op by op, to the last bit", () => {
  const model = modelByName("vgg38-bn-rc", { width: 16, classes: 3, inputShape: [16, 16, 3] });
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
  const images = tf.tensor4d(symmetric("images", 4 * 768, 1), [4, 16, 16, 3]);
  const step = (x: Tensor) => {
    const labels = tf.oneHot(tf.tensor1d([0, 1, 2, 0], "int32"), 3);
    const loss = () => tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true }) as Tensor) as Scalar;
    const { grads } = tf.variableGrads(loss, variables);
    return variables.map(({ name }) => grads[name]!);
  };
  const { ops } = countOps(() => tf.dispose(tf.tidy(() => step(images))));
  assert.ok(ops["GradampConv2D"]! > 20 && ops["GradampConv2DBackpropFilter"] === ops["GradampConv2D"]);
  const compiled = compile(step);
  assertAllSameBits(takeValues(compiled(images)), takeValues(tf.tidy(() => step(images))));
  compiled.dispose();
  lookAtTrainingGraph(
    model,
    applying(bfloat16Pass),
    ({ graph }) => {
      const own = graph.nodes.filter(({ op }) => op.startsWith("GradampConv2D"));
      assert.equal(own.length > 0, convolvesBFloat16(), "in bfloat16 where the processor multiplies it");
      assert.ok(own.every(({ outputs }) => outputs[0]!.dtype === DataType.bfloat16));
    },
    { batch: 4 },
  );
  images.dispose();
  model.dispose();
});

/** A convolution and its gradients by images and filter, where the gradient is dy. */
const convolution = (x: Tensor, filter: Tensor, dy: Tensor) => {
  const convolve = (each: Tensor, taps: Tensor) => tf.conv2d(each as Tensor4D, taps as Tensor4D, 1, "same");
  const gradients = tf.grads((each, taps) => tf.sum(tf.mul(convolve(each!, taps!), dy)))([x, filter]);
  return [convolve(x, filter), ...gradients];
};

test("in bfloat16: whole numbers are exact, others as near as its rounding at each turn lets them be", () => {
  const inBFloat16 = compile(convolution, { precision: "bfloat16" });
  const inFloat32 = compile(convolution);
  for (const size of [
    [1, 2, 6, 16, 16],
    [1, 8, 8, 16, 32],
    [5, 4, 6, 32, 16],
    [30, 8, 8, 64, 48],
  ] as Size[]) {
    // prettier-ignore
    const { Conv2D: images, Conv2DBackpropInput: gradient } = inputsByOp(size);
    const inputs = [images![0]!, images![1]!, gradient![2]!] as const;
    const short = takeValues(inBFloat16(...inputs));
    takeValues(inFloat32(...inputs)).forEach((expected, which) => {
      const rms = (values: ArrayLike<number>) => Math.sqrt(Array.from(values).reduce((sum, each) => sum + each ** 2, 0) / values.length); // prettier-ignore
      const error = rms(Array.from(expected, (each, at) => short[which]![at]! - each)) / rms(expected);
      assert.ok(error < 0.007, `output ${which} of ${String(size)} is ${error} off`);
    });
    if (size[0] * size[1] * size[2] < 256 && size[4] * 9 < 512) {
      const whole = inputs.map((tensor) => tf.round(tensor)) as unknown as typeof inputs;
      assertAllSameBits(takeValues(inBFloat16(...whole)), takeValues(inFloat32(...whole)), String(size)); // prettier-ignore
      tf.dispose([...whole]);
    }
    tf.dispose([...images!, ...gradient!]);
  }
  inBFloat16.dispose();
  inFloat32.dispose();
});

test("GRADAMP_STOCK_OPS=1 leaves convolutions and batch norm to TensorFlow", () => {
  const program = `
    const { hasOwnBatchNorm, tf } = require(${JSON.stringify(join(__dirname, "../../../src/tensorflow"))});
    const { countOps } = require(${JSON.stringify(join(__dirname, "../../support/count-ops"))});
    const { ops } = countOps(() => tf.conv2d(tf.ones([2, 16, 16, 16]), tf.ones([3, 3, 16, 16]), 1, "same"));
    console.log(Object.keys(ops).filter((op) => op.includes("Conv2D")).join(), hasOwnBatchNorm());`;
  const told = ["0", "1"].map(
    (value) => runNode(["-e", program], { environment: { GRADAMP_STOCK_OPS: value } }).stdout,
  );
  assert.deepEqual(told, ["GradampConv2D true\n", "Conv2D false\n"]);
});

test("what is not finite spreads to the nine outputs that depend on it and no further", () => {
  tf.tidy(() => {
    for (const value of [Infinity, NaN]) {
      const [x, filter] = inputsByOp([1, 8, 8, 16, 16])["Conv2D"]!;
      const numbers = x!.dataSync().slice();
      numbers[(3 * 8 + 4) * 16 + 5] = value;
      const y = rawOp("GradampConv2D", T, [tf.tensor(numbers, x!.shape), filter!])[0]!.dataSync();
      y.forEach((each, at) => {
        const [row, column] = [Math.floor(at / 16 / 8), Math.floor(at / 16) % 8];
        assert.equal(
          Number.isFinite(each),
          !(Math.abs(row - 3) < 2 && Math.abs(column - 4) < 2),
          `${row}, ${column}: ${each}`,
        );
      });
    }
  });
});
