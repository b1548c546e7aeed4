/** Leaky ReLU's gradient asks its output for the sign, and gives what it gave. */
import assert from "node:assert/strict";
import "../../../src/layers";
import { compile } from "../../../src/graph";
import { signFromOutputPass } from "../../../src/graph/passes/sign-from-output";
import { applyPass } from "../../../src/graph/passes/apply-pass";
import { trace } from "../../../src/graph/trace";
import { type Tensor, tf } from "../../../src/tensorflow";
import { graphTest as test } from "../../support/graph-test";
import { assertAllSameBits, takeValues } from "../../support/same-bits";
import { nodesOf } from "../../support/training-graph";

const gradientOf = (activation: (x: Tensor) => Tensor) => (x: Tensor) =>
  tf.grad((value) => tf.sum(tf.square(activation(tf.mul(value, 3)))))(x);

/** The op whose output the gradient of the activation is told by. */
function toldBy(step: (x: Tensor) => Tensor): string {
  const original = trace((x) => [step(x!)], [{ dtype: 1, shape: [6] }]);
  const changed = applyPass(original, signFromOutputPass(original.graph));
  const [node] = nodesOf(changed, "LeakyReluGrad");
  changed.dispose();
  return node!.inputs[1]!.node.op;
}

test("the output tells the sign of what went in, whatever the slope that is not negative", () => {
  const x = tf.tensor1d([-2, -0, 0, 1e-42, 3, NaN]);
  for (const slope of [0, 0.2, 1.5]) {
    const step = gradientOf((value) => tf.leakyRelu(value, slope));
    assert.equal(toldBy(step), "LeakyRelu", `slope ${slope}`);
    const compiled = compile(step);
    assertAllSameBits(takeValues([compiled(x)]), takeValues([step(x)]));
    compiled.dispose();
  }
  x.dispose();
});

test("a negative slope turns signs round, so the input is kept", () => {
  assert.equal(toldBy(gradientOf((value) => tf.leakyRelu(value, -0.2))), "Mul");
});

test("the output of an activation of another slope, or of another value, tells nothing", () => {
  const x = tf.tensor1d([-2, -1, 0, 1, 3, 5]);
  const step = (value: Tensor) => {
    const other = tf.leakyRelu(value, 0.5);
    return tf.add(other, gradientOf((each) => tf.leakyRelu(each, 0.25))(value));
  };
  const compiled = compile(step);
  assertAllSameBits(takeValues([compiled(x)]), takeValues([tf.tidy(() => step(x))]));
  compiled.dispose();
  x.dispose();
});
