import assert from "node:assert/strict";
import { compile } from "../../../src/graph";
import { DataType } from "../../../src/graph/data-type";
import { optimise } from "../../../src/graph/passes/optimise";
import type { Precision } from "../../../src/graph/precision";
import { trace } from "../../../src/graph/trace";
import { type Rank, type Tensor, type Tensor1D, type Tensor4D, tf } from "../../../src/tensorflow";
import { graphTest as test } from "../../support/graph-test";
import { assertSameBits, relativeError, takeValues } from "../../support/same-bits";

/** Squares of a convolution and something more, added up; and the gradient by the kernel. */
const step = (x: Tensor, kernel: Tensor, bias: Tensor) =>
  tf.valueAndGrad((each: Tensor) =>
    tf.sum(tf.square(tf.add(tf.conv2d(x as Tensor4D, each as Tensor4D, 1, "same"), bias))),
  )(kernel);

const sums = (precision: Precision, bias: readonly number[]): string[] => {
  const shapes = [[2, 8, 8, 3], [3, 3, 3, 8], bias];
  const specs = shapes.map((shape) => ({ dtype: DataType.float32, shape }));
  const optimised = optimise(
    trace((...inputs: Tensor[]) => ({ ...step(...(inputs as [Tensor, Tensor, Tensor])) }), specs),
    precision,
  );
  const found = optimised.graph.nodes.map(({ op }) => op).filter((op) => /^(Add|AddV2|BiasAdd)$/.test(op));
  optimised.dispose();
  return found;
};

test("what a bfloat16 convolution's bias is added by, and what everything else is", () => {
  assert.deepEqual(sums("bfloat16", [8]), ["BiasAdd"]);
  for (const other of [[1], [1, 8], [2, 8, 8, 8]]) assert.deepEqual(sums("bfloat16", other), ["Add"]);
  assert.deepEqual(sums("float32", [8]), ["Add"]);
});

test("a bias that a convolution adds gives what the sum gives, to bfloat16's rounding; float32 stays as it was", () => {
  const x = tf.randomNormal<Rank.R4>([4, 8, 8, 3], 0, 1, "float32", 1);
  const kernel = tf.randomNormal<Rank.R4>([3, 3, 3, 8], 0, 0.3, "float32", 2);
  const bias: Tensor1D = tf.linspace(-1, 1, 8);
  const run = (precision: Precision) => {
    const compiled = compile((...inputs: [Tensor, Tensor, Tensor]) => ({ ...step(...inputs) }), { precision });
    const { value, grad } = compiled(x, kernel, bias);
    compiled.dispose();
    return takeValues([value, grad]);
  };
  const { value, grad } = tf.tidy(() => step(x, kernel, bias));
  const expected = takeValues([value, grad]);
  run("float32").forEach((values, at) => assertSameBits(values, expected[at]!));
  run("bfloat16").forEach((values, at) => assert.ok(relativeError(values, expected[at]!) < 0.01));
  tf.dispose([x, kernel, bias]);
});
