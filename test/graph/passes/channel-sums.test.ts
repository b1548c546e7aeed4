/** Biases' gradients are added up from bfloat16 as it is. */
import assert from "node:assert/strict";
import { test as nodeTest } from "node:test";
import { compile } from "../../../src/graph";
import { optimise } from "../../../src/graph/passes/optimise";
import { trace } from "../../../src/graph/trace";
import { attribute, hasOwnBatchNorm, rawOp, type Tensor, type Tensor4D, tf } from "../../../src/tensorflow";
import { symmetric } from "../../support/deterministic";
import { relativeError, takeValues } from "../../support/same-bits";

const skip = !hasOwnBatchNorm() && "gradamp's sums are for CPUs, with native TensorFlow";
const test = (name: string, body: () => void) => nodeTest(name, { skip }, body);

const kernel = tf.tensor4d(symmetric("kernel", 3 * 3 * 3 * 8, 0.5), [3, 3, 3, 8]);
const convolved = (x: Tensor) => tf.conv2d(x as Tensor4D, kernel, 1, "same");

/** Which op adds up a convolution. */
function opOf(sum: (x: Tensor) => Tensor): string[] {
  const traced = trace((x) => [sum(convolved(x!))], [{ dtype: 1, shape: [2, 8, 8, 3] }]);
  const optimised = optimise(traced, "bfloat16");
  const found = optimised.graph.nodes.map(({ op }) => op).filter((op) => /Sum$/.test(op));
  optimised.dispose();
  return found;
}

test("sums over all axes but the last are, others stay TensorFlow's", () => {
  assert.deepEqual(opOf((x) => tf.sum(x, [0, 1, 2])), ["GradampChannelSum"]); // prettier-ignore
  for (const axes of [[0, 1], [1, 2, 3], [3], [0, 1, 2, 3]]) assert.deepEqual(opOf((x) => tf.sum(x, axes)), ["Sum"]); // prettier-ignore
});

test("the sum is float32's of the same bfloat16 numbers", () => {
  const x = tf.tensor4d(symmetric("x", 6 * 8 * 8 * 3, 1), [6, 8, 8, 3]);
  const step = (images: Tensor) => {
    const y = convolved(images);
    return [y, tf.sum(y, [0, 1, 2])];
  };
  const compiled = compile(step, { precision: "bfloat16" });
  const [y, sum] = takeValues(compiled(x));
  const expected = new Array<number>(8).fill(0);
  Array.from(y!).forEach((value, at) => (expected[at % 8]! += value));
  assert.ok(relativeError(sum!, expected) < 1e-6);
  compiled.dispose();
  x.dispose();
});

test("the op adds up float32, many rows, one, and none", () => {
  tf.tidy(() => {
    for (const shape of [
      [5000, 3],
      [1, 7],
      [4, 2, 300],
      [0, 5],
    ]) {
      // prettier-ignore
      const channels = shape.at(-1)!;
      const values = symmetric(`sum of ${String(shape)}`, shape.reduce((a, b) => a * b, 1), 1); // prettier-ignore
      const [sum] = rawOp("GradampChannelSum", { T: attribute.type("float32") }, [tf.tensor(values, shape)]);
      const expected = new Array<number>(channels).fill(0);
      values.forEach((value, at) => (expected[at % channels]! += value));
      assert.deepEqual(sum!.shape, [channels]);
      assert.ok(relativeError(sum!.dataSync(), expected) < 1e-6, String(shape));
    }
  });
});
