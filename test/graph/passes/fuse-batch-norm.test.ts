/** Batch norm does what follows it, and the numbers stay what they were. */
import assert from "node:assert/strict";
import { test as nodeTest } from "node:test";
import { amplify } from "../../../src/amplification";
import { compile } from "../../../src/graph";
import type { Node } from "../../../src/graph/graph";
import { attributeOf } from "../../../src/graph/op-attributes";
import type { Trace } from "../../../src/graph/trace";
import { batchNormalization } from "../../../src/layers";
import { modelByName } from "../../../src/models";
import { hasOwnBatchNorm, type Tensor, type Tensor4D, tf, type Variable } from "../../../src/tensorflow";
import { assertSameCompiled, countInStep, gradientsBehind, gradientsOfModel, lookAtStep, type Step } from "../../support/compiled-step"; // prettier-ignore
import { symmetric } from "../../support/deterministic";
import { takeValues } from "../../support/same-bits";
import { nodesOf } from "../../support/training-graph";

const skip = !hasOwnBatchNorm() && "gradamp's batch norm is for CPUs, with native TensorFlow";
const test = (name: string, body: () => void) => nodeTest(name, { skip }, body);

const SHAPE = [4, 8, 8, 3];
const images = tf.tensor4d(symmetric("images", 768, 1), SHAPE as [4, 8, 8, 3]);
const ACTIVATIONS = ["GradampBatchNorm", "GradampBatchNormGrad", "Relu", "ReluGrad", "LeakyRelu", "LeakyReluGrad", "Add"]; // prettier-ignore

const look = <T>(step: Step, see: (trace: Trace) => T): T => lookAtStep(step, images, see);
const countOf = (step: Step) => countInStep(step, images, ACTIVATIONS);
const assertSame = (step: Step) => assertSameCompiled(step, images);

/** Attributes of batch norm that a fusion sets. */
const fusionOf = (node: Node) => ["activation", "num_side_inputs"].map((name) => attributeOf(node, name) ?? 0);

const convolution = (name: string) => {
  const kernel = tf.variable(tf.tensor4d(symmetric(name, 81, 0.5), [3, 3, 3, 3]));
  return (x: Tensor) => tf.conv2d(x as Tensor4D, kernel as Tensor4D & Variable, 1, "same");
};
const norm = () => {
  const layer = batchNormalization();
  return (x: Tensor) => layer.apply(x, { training: true }) as Tensor;
};

const CASES: [what: string, make: () => ((x: Tensor) => Tensor)[], counts: Record<string, number>, fusion: number[]][] =
  [
    [
      "an activation is applied by it, and its gradient taken",
      () => [convolution("a"), norm(), (x) => tf.relu(x)],
      { GradampBatchNorm: 1, GradampBatchNormGrad: 1 },
      [1, 0],
    ],
    [
      "a leaky one, too",
      () => [convolution("a"), norm(), (x) => tf.leakyRelu(x, 0.1)],
      { GradampBatchNorm: 1, GradampBatchNormGrad: 1 },
      [2, 0],
    ],
    [
      "a residual connection is added, and the activation of the sum applied; its gradient goes to both",
      () => {
        const [first, second, normalise] = [convolution("a"), convolution("b"), norm()];
        return [(x) => first(x), (x) => tf.relu(tf.add(normalise(second(x)), x))];
      },
      { GradampBatchNorm: 1, GradampBatchNormGrad: 1, ReluGrad: 1 },
      [1, 1],
    ],
    [
      "so is one that has no activation",
      () => {
        const [first, second, normalise] = [convolution("a"), convolution("b"), norm()];
        return [(x) => first(x), (x) => tf.add(x, normalise(second(x))), convolution("c")];
      },
      { GradampBatchNorm: 1, GradampBatchNormGrad: 1 },
      [0, 1],
    ],
    [
      "what it adds may come first, from a batch norm with an activation of its own",
      () => {
        const [first, second, one, other] = [convolution("a"), convolution("b"), norm(), norm()];
        return [(x) => tf.relu(one(first(x))), (x) => tf.relu(tf.add(x, other(second(x))))];
      },
      { GradampBatchNorm: 2, GradampBatchNormGrad: 2, ReluGrad: 1 },
      [1, 0],
    ],
    [
      "of two batch norms that are added up, the later takes in the other's",
      () => {
        const [first, second, one, other] = [convolution("a"), convolution("b"), norm(), norm()];
        return [(x) => tf.relu(tf.add(one(first(x)), other(second(x))))];
      },
      { GradampBatchNorm: 2, GradampBatchNormGrad: 2, ReluGrad: 1 },
      [0, 0],
    ],
    [
      "a value that something else needs stays there",
      () => {
        const [first, normalise] = [convolution("a"), norm()];
        return [(x) => normalise(first(x)), (x) => tf.add(tf.relu(x), tf.square(x))];
      },
      { GradampBatchNorm: 1, GradampBatchNormGrad: 1, Relu: 1, ReluGrad: 1 },
      [0, 0],
    ],
    [
      "a leaky ReLU that turns negative numbers round does not tell signs from its output",
      () => [convolution("a"), norm(), (x) => tf.leakyRelu(x, -0.5)],
      { GradampBatchNorm: 1, GradampBatchNormGrad: 1, LeakyRelu: 1, LeakyReluGrad: 1 },
      [0, 0],
    ],
    [
      "a sum with something of another shape is none that it takes in",
      () => [convolution("a"), norm(), (x) => tf.add(x, tf.ones([8, 8, 3]))],
      { GradampBatchNorm: 1, GradampBatchNormGrad: 1 },
      [0, 0],
    ],
  ];

for (const [what, make, counts, fusion] of CASES) {
  test(what, () => {
    const { step, dispose } = gradientsBehind(make(), images);
    const { Add: _, ...found } = countOf(step);
    assert.deepEqual(found, counts);
    assert.deepEqual(look(step, (traced) => fusionOf(nodesOf(traced, "GradampBatchNorm")[0]!)), fusion); // prettier-ignore
    assertSame(step);
    dispose();
  });
}

test("what a step returns or measures is there: before and after the activation, and the gradients in between", () => {
  const normalise = norm();
  const step = (x: Tensor) => {
    const before = normalise(x);
    const after = tf.relu(before);
    const gradient = tf.grad((value) => tf.sum(tf.square(tf.relu(value))))(before);
    return [before, after, gradient];
  };
  tf.dispose(step(images));
  assert.equal(countOf(step)["Relu"]! >= 1, true);
  assertSame(step);
  tf.disposeVariables();
});

test("an activation's gradient that is an output as well is computed by itself", () => {
  const normalise = norm();
  const step = (x: Tensor) => {
    let inner: Tensor | null = null;
    const tap = tf.customGrad((value) => ({
      value: (value as Tensor).clone(),
      gradFunc: (dy) => {
        inner = tf.keep(dy.clone());
        return dy;
      },
    }));
    const outer = tf.grad((input) => tf.sum(tf.square(tf.relu(tap(normalise(input))))))(x);
    return [outer, inner!];
  };
  tf.dispose(step(images));
  const counts = countOf(step);
  assert.deepEqual([counts["GradampBatchNormGrad"], counts["ReluGrad"]], [1, 1]);
  assertSame(step);
  tf.disposeVariables();
});

for (const [name, sums] of [
  ["vgg38-bn", 0],
  ["vgg38-bn-rc", 15],
  ["resnet18", 8],
  ["resnet50", 16],
] as const) {
  // prettier-ignore
  test(`${name}: no activation is left, gradients are the same to the last bit, amplified or not`, () => {
    const model = modelByName(name, { width: 4, classes: 3, inputShape: [8, 8, 3] });
    const step = gradientsOfModel(model);
    const [activations, gradients] = look(step, (traced) => [
      nodesOf(traced, "Relu", "LeakyRelu").length,
      nodesOf(traced, "ReluGrad", "LeakyReluGrad").length,
    ]);
    // A residual sum's activation has a gradient that two want.
    assert.equal(model.layers.filter((layer) => layer.getClassName() === "Add").length, sums);
    assert.deepEqual({ activations, gradients }, { activations: 0, gradients: sums });
    assertSame(step);
    const amplification = amplify(model, { group: "bn", ampFactor: 2 });
    assertSame(step);
    amplification.remove();
    model.dispose();
  });
}

const ODD = [NaN, Infinity, -Infinity, 1e-40, 3e38, -0];
const BEHIND: readonly (readonly [string, (x: Tensor, side: Tensor) => Tensor])[] = [
  ["no activation", (x) => x],
  ["ReLU", (x) => tf.relu(x)],
  ["leaky ReLU", (x) => tf.leakyRelu(x, 0.1)],
  ["a residual sum and ReLU", (x, side) => tf.relu(tf.add(x, side))],
];

for (const [what, activation] of BEHIND)
  test(`with ${what}, what is not finite in images or gradients shows compiled as it does op by op`, () => {
    const normalise = norm();
    const size = 96;
    for (const value of ODD)
      for (const [inImages, place] of [
        [true, 0],
        [true, 50],
        [false, 0],
        [false, 50],
        [false, 95],
      ] as const) {
        // prettier-ignore
        const filled = (key: string, isOdd: boolean) => {
          const values = symmetric(key, size, 1);
          if (isOdd) values[place] = value;
          return tf.tensor4d(values, [2, 4, 4, 3]);
        };
        const [x, dy] = [filled("odd images", inImages), filled("odd gradients", !inImages)];
        // The gradient that arrives is dy itself, where the activation is flat, too.
        const step = (images: Tensor, arriving: Tensor) => {
          const whole = (y: Tensor) => activation(normalise(y), y);
          return [whole(images), tf.grad(whole)(images, arriving)];
        };
        const compiled = compile(step as never) as unknown as ((...inputs: Tensor[]) => Tensor[]) & { dispose(): void };
        const [found, expected] = [takeValues(compiled(x, dy)), takeValues(tf.tidy(() => step(x, dy)))];
        for (const [output, wanted] of expected.entries())
          for (const [at, each] of Array.from(wanted).entries()) {
            const own = found[output]![at]!;
            const same =
              Object.is(own, each) || (Number.isFinite(each) && Math.abs(own - each) <= 1e-6 * Math.abs(each));
            assert.ok(same, `${value} at ${place} of ${inImages ? "images" : "gradients"}: ${own} instead of ${each}`);
          }
        compiled.dispose();
        tf.dispose([x, dy]);
      }
  });
