/** What is not finite stays so in bfloat16, at the same places, forward and backward, in each op that takes it. */
import assert from "node:assert/strict";
import { compile } from "../../../src/graph";
import { bfloat16Pass } from "../../../src/graph/passes/bfloat16";
import { trace } from "../../../src/graph/trace";
import { type Tensor, type Tensor2D, type Tensor4D, tf } from "../../../src/tensorflow";
import { symmetric } from "../../support/deterministic";
import { graphTest as test } from "../../support/graph-test";
import { takeValues } from "../../support/same-bits";
import { applying } from "../../support/training-graph";

const IMAGES = [2, 6, 6, 4] as const;
const filter = (size: number) => tf.tensor4d(symmetric("filter", size * size * 16, 0.5), [size, size, 4, 4]);
/** A convolution that leaves values as they are, since it is for its sake that bfloat16 begins. */
const through = (x: Tensor) => tf.conv2d(x as Tensor4D, tf.eye(4).reshape([1, 1, 4, 4]) as Tensor4D, 1, "same");
const normalised = (x: Tensor) => {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  return tf.batchNorm(x as Tensor4D, mean as never, variance as never, undefined, undefined, 1e-3);
};

const OPS: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  "conv2d of 3": (x) => tf.conv2d(x as Tensor4D, filter(3), 1, "same"),
  "conv2d of 3, stride 2": (x) => tf.conv2d(x as Tensor4D, filter(3), 2, "same"),
  depthwise: (x) =>
    tf.depthwiseConv2d(x as Tensor4D, filter(3).slice([0, 0, 0, 0], [3, 3, 4, 1]) as Tensor4D, 1, "same"),
  matMul: (x) => tf.matMul(tf.reshape(x, [-1, 4]) as Tensor2D, tf.tensor2d(symmetric("matrix", 12, 1), [4, 3])),
  relu: (x) => tf.relu(through(x)),
  leakyRelu: (x) => tf.leakyRelu(through(x), 0.1),
  "a bias": (x) => tf.add(through(x), tf.tensor1d([0.5, -0.5, 1, 2])),
  "overlapping maxPool": (x) => through(tf.maxPool(through(x), 3, 2, "same")),
  avgPool: (x) => through(tf.avgPool(through(x), 2, 2, "same")),
  "batch norm": (x) => normalised(through(x)),
  "a residual": (x) => tf.add(through(x), tf.relu(through(x))),
};

/** NaN, both infinities and finite numbers each by their kind. */
const kinds = (values: ArrayLike<number>) => Array.from(values, (value) => (Number.isFinite(value) ? 0 : value));

for (const [name, op] of Object.entries(OPS))
  test(`${name}: NaN and infinities of images and of gradients stay where they were`, () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      const values = symmetric("images", 2 * 6 * 6 * 4, 1);
      values[3 * 4 + 1] = bad;
      const x = tf.tensor(values, [...IMAGES]);
      const shape = tf.tidy(() => op(x).shape);
      const upstream = symmetric("gradients", shape.reduce((a, b) => a * b, 1), 1); // prettier-ignore
      const clean = tf.tensor(symmetric("images", values.length, 1), [...IMAGES]);
      const weight = tf.tensor(upstream, shape);
      upstream[5] = bad;
      const spoilt = tf.tensor(upstream, shape);
      const step = (inputs: Tensor, dy: Tensor) => [op(inputs), tf.grad(op)(inputs, dy)];
      const traced = applying(bfloat16Pass)(trace((a, b) => step(a!, b!), [x, weight].map((each) => ({ dtype: 1, shape: each.shape })))); // prettier-ignore
      assert.ok(
        traced.graph.nodes.some(({ outputs }) => outputs.some(({ dtype }) => dtype === 14)),
        "bfloat16 is there",
      );
      traced.dispose();
      const short = compile(step, { precision: "bfloat16" });
      for (const inputs of [
        [x, weight],
        [clean, spoilt],
      ] as const) {
        // prettier-ignore
        const wanted = takeValues(tf.tidy(() => step(...inputs)));
        const found = takeValues(short(...inputs) as Tensor[]);
        assert.ok(
          wanted.some((each) => kinds(each).some((kind) => kind !== 0)),
          "something is not finite",
        );
        wanted.forEach((each, at) =>
          assert.deepEqual(kinds(found[at]!), kinds(each), at === 0 ? "output" : "gradient"),
        );
      }
      short.dispose();
      tf.dispose([x, clean, weight, spoilt]);
    }
  });
