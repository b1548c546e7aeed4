/** Convolutions add their bias and apply the activation, and the numbers stay what they were. */
import assert from "node:assert/strict";
import { test as nodeTest } from "node:test";
import { amplify } from "../../../src/amplification";
import { compile } from "../../../src/graph";
import type { Value } from "../../../src/graph/graph";
import { attributeOf } from "../../../src/graph/op-attributes";
import { modelByName } from "../../../src/models";
import { hasOwnConvolutions, rawOp, attribute, type Tensor, type Tensor1D, type Tensor4D, tf, type Variable } from "../../../src/tensorflow"; // prettier-ignore
import { assertSameCompiled, type Call, countInStep, gradientsBehind, gradientsOfModel, lookAtStep } from "../../support/compiled-step"; // prettier-ignore
import { symmetric } from "../../support/deterministic";
import { relativeError, takeValues } from "../../support/same-bits";
import { nodesOf } from "../../support/training-graph";

const skip = !hasOwnConvolutions() && "gradamp's convolutions are for x86 processors with AVX2, with native TensorFlow";
const test = (name: string, body: () => void) => nodeTest(name, { skip }, body);

const images = tf.tensor4d(symmetric("images", 4 * 256 * 16, 1), [4, 16, 16, 16]);
const OPS = ["GradampConv2D", "Relu", "LeakyRelu", "Add", "AddV2", "BiasAdd"];

const convolution = (name: string): Call => {
  const kernel = tf.variable(tf.tensor4d(symmetric(name, 2304, 0.1), [3, 3, 16, 16]));
  return (x) => tf.conv2d(x as Tensor4D, kernel as Tensor4D & Variable, 1, "same");
};
const bias = (name: string, shape: number[] = [16]): Call => {
  const values = tf.variable(tf.tensor(symmetric(name, 16, 1), shape));
  return (x) => tf.add(x, values);
};

/** What is computed, the ops that are left (of the gradient, too), and activation and number of biases of the first convolution. */
const CASES: [what: string, make: () => Call[], left: Record<string, number>, fusion: number[]][] = [
  ["a bias is added by it", () => [convolution("a"), bias("b")], { GradampConv2D: 1 }, [0, 1]],
  ["an activation is applied", () => [convolution("a"), (x) => tf.relu(x)], { GradampConv2D: 1 }, [1, 0]],
  [
    "both, of a layer behind another",
    () => [convolution("a"), bias("b"), (x) => tf.leakyRelu(x, 0.1), convolution("c"), bias("d"), (x) => tf.relu(x)],
    { GradampConv2D: 2 },
    [2, 1],
  ],
  [
    "an activation before the bias is applied, and the bias added to it where it was",
    () => [convolution("a"), (x) => tf.relu(x), bias("b")],
    { GradampConv2D: 1, Add: 1 },
    [1, 0],
  ],
  [
    "a value that something else needs stays there",
    () => [convolution("a"), (x) => tf.add(tf.relu(x), tf.square(x))],
    { GradampConv2D: 1, Relu: 1, Add: 2 },
    [0, 0],
  ],
  [
    "behind a bias, too",
    () => [convolution("a"), bias("b"), (x) => tf.add(tf.relu(x), tf.square(x))],
    { GradampConv2D: 1, Relu: 1, Add: 2 },
    [0, 1],
  ],
  [
    "a leaky ReLU that turns negative numbers round stays",
    () => [convolution("a"), (x) => tf.leakyRelu(x, -0.5)],
    { GradampConv2D: 1, LeakyRelu: 1 },
    [0, 0],
  ],
  [
    "a sum with more than a number for each channel, or with less, is no bias",
    () => [convolution("a"), bias("b", [16, 1]), convolution("c"), (x) => tf.add(x, tf.scalar(0.5)), (x) => tf.add(x, x)], // prettier-ignore
    { GradampConv2D: 2, Add: 4 },
    [0, 0],
  ],
];

for (const [what, make, left, fusion] of CASES) {
  test(what, () => {
    const { step, dispose } = gradientsBehind(make(), images);
    assert.deepEqual(countInStep(step, images, OPS), left);
    const attributes = lookAtStep(step, images, (traced) => {
      const [first] = nodesOf(traced, "GradampConv2D");
      return ["activation", "num_args"].map((name) => attributeOf(first!, name) ?? 0);
    });
    assert.deepEqual(attributes, fusion);
    assertSameCompiled(step, images);
    dispose();
  });
}

test("what a step returns is there: the convolution, behind the bias, behind the activation", () => {
  const calls = [convolution("a"), bias("b"), (x: Tensor) => tf.relu(x)];
  for (const kept of [0, 1]) {
    const step = (x: Tensor) => {
      const values: Tensor[] = [];
      calls.reduce((value, call) => (values.push(call(value)), values.at(-1)!), x);
      return [values[kept]!, values.at(-1)!];
    };
    assertSameCompiled(step, images);
  }
  tf.disposeVariables();
});

test("what is not a number stays none, and infinity what it is", () => {
  const kernel = tf.tensor4d(symmetric("kernel", 2304, 0.1), [3, 3, 16, 16]);
  const odd = tf.tensor1d([NaN, Infinity, -Infinity, -0, ...new Array<number>(12).fill(0)]);
  for (const activation of [tf.relu, (x: Tensor) => tf.leakyRelu(x, 0.3)])
    assertSameCompiled((x) => [activation(tf.add(tf.conv2d(x as Tensor4D, kernel, 1, "same"), odd))], images);
  tf.dispose([kernel, odd]);
});

test("in bfloat16 the result is as near as its rounding lets it be", () => {
  const [kernel, offset] = [
    tf.tensor4d(symmetric("kernel", 2304, 0.1), [3, 3, 16, 16]),
    tf.tensor1d(symmetric("bias", 16, 1)),
  ];
  const layer = (x: Tensor) => tf.leakyRelu(tf.add(tf.conv2d(x as Tensor4D, kernel, 1, "same"), offset), 0.1);
  const [short, full] = [compile(layer, { precision: "bfloat16" }), compile(layer)];
  const [found, expected] = [short, full].map((each) => takeValues([each(images)])[0]!);
  assert.ok(relativeError(found!, expected!) < 0.02);
  short.dispose();
  full.dispose();
  tf.dispose([kernel, offset]);
});

test("a bias of another length is refused", () => {
  const run = (count: number) =>
    rawOp("GradampConv2D", { T: attribute.type("float32"), num_args: attribute.int(1) }, [
      images,
      tf.zeros([3, 3, 16, 16]),
      tf.zeros([count]) as Tensor1D,
    ]);
  tf.tidy(() => {
    assert.deepEqual(run(16)[0]!.shape, images.shape);
    assert.throws(() => run(15), /Expected a bias of a number for each output channel/);
  });
});

for (const name of ["vgg08", "vgg38", "vgg38-bn", "vgg38-rc"] as const) {
  test(`${name}: no bias is added by itself, gradients are the same to the last bit, amplified or not`, () => {
    const model = modelByName(name, { width: 16, classes: 3, inputShape: [16, 16, 3] });
    const [batch] = tf.split(images, [3, 13], 3);
    const step = gradientsOfModel(model);
    const isBiased = ([sum, added]: readonly Value[]) => sum!.node.op === "GradampConv2D" && added!.shape?.length === 1;
    const biased = lookAtStep(step, batch!, (traced) =>
      nodesOf(traced, "Add").filter(({ inputs }) => isBiased(inputs)),
    );
    assert.equal(biased.length, 0);
    const withBias = lookAtStep(step, batch!, (traced) =>
      nodesOf(traced, "GradampConv2D").filter((node) => attributeOf(node, "num_args") === 1),
    );
    assert.ok(withBias.length > 0);
    assertSameCompiled(step, batch!);
    const amplification = amplify(model, { group: name.includes("bn") ? "bn" : "relu", ampFactor: 2 });
    assertSameCompiled(step, batch!);
    amplification.remove();
    model.dispose();
  });
}
