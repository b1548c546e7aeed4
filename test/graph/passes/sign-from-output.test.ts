/** Leaky ReLU's gradient asks its output for the sign, and gives what it gave. */
import assert from "node:assert/strict";
import "../../../src/layers";
import { compile } from "../../../src/graph";
import { signFromOutputPass } from "../../../src/graph/passes/sign-from-output";
import { applyPass } from "../../../src/graph/passes/apply-pass";
import { trace } from "../../../src/graph/trace";
import { type Tensor, tf } from "../../../src/tensorflow";
import { graphTest as test } from "../../support/graph-test";
import { assertAllSameBits, takeValues, valuesOf } from "../../support/same-bits";
import { nodesOf } from "../../support/training-graph";

const gradientOf = (activation: (x: Tensor) => Tensor) => (x: Tensor) =>
  tf.grad((value) => tf.sum(tf.square(activation(tf.mul(value, 3)))))(x);

/** The op whose output the gradient of the activation is told by. */
function toldBy(step: (x: Tensor) => Tensor): string {
  const original = trace((x) => [step(x!)], [{ dtype: 1, shape: [6] }]);
  const changed = applyPass(original, signFromOutputPass);
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

/** Steps in which the activation's output is needed by little but gradients. */
const leaky = (x: Tensor) => tf.leakyRelu(x, 0.1);
const loss = (x: Tensor) => tf.sum(tf.square(leaky(x)));
const DEAD_ENDS: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  "a gradient whose output nobody wants": (x) => tf.grad(leaky)(x),
  "a gradient of two layers, the last of whose outputs nobody wants": (x) => tf.grad((y) => leaky(leaky(y).mul(3)))(x),
  "a gradient penalty": (x) => tf.sum(tf.square(tf.grad((y) => tf.sum(leaky(tf.mul(y, 3))))(x))),
  "two gradients of one input": (x) => tf.add(tf.grad(loss)(x), tf.grad(loss)(x)),
  "two gradients of one input, of different slopes": (x) =>
    tf.add(tf.grad((y) => tf.leakyRelu(y, 0.5))(x), tf.grad((y) => tf.leakyRelu(y, 0.25).square())(x)),
  "a gradient before the activation that is still needed": (x) => tf.add(tf.grad(leaky)(x), leaky(x)),
  "a value that is dropped beside a gradient": (x) => {
    const { value, grad } = tf.valueAndGrad(loss)(x);
    value.dispose();
    return grad;
  },
};

for (const [name, step] of Object.entries(DEAD_ENDS)) {
  test(`${name} is what it is op by op`, () => {
    const x = tf.tensor1d([-2, -0, 0, 1, 3, NaN]);
    const compiled = compile(step);
    assertAllSameBits(takeValues([compiled(x)]), takeValues([tf.tidy(() => step(x))]));
    compiled.dispose();
    x.dispose();
  });
}

test("an output that nothing else needs is not computed for its sign", () => {
  assert.equal(
    toldBy((x) => tf.grad(leaky)(tf.mul(x, 3))),
    "Mul",
  );
});

test("a network's gradient by its input, and an update whose cost is not returned", () => {
  const dense = tf.layers.dense({ units: 4, inputShape: [3] });
  const model = tf.sequential({ layers: [dense, tf.layers.leakyReLU({ alpha: 0.2 }), tf.layers.dense({ units: 1 })] });
  const x = tf.tensor2d([1, -2, 3, -4, 5, -6], [2, 3]);
  const saliency = (y: Tensor) => tf.grad((z) => tf.sum(model.apply(z) as Tensor))(y);
  const optimizer = tf.train.sgd(0.1);
  const update = (y: Tensor) => {
    optimizer.minimize(() => tf.sum(tf.square(model.apply(y) as Tensor)));
  };
  const [first, second] = [compile(saliency), compile(update)];
  assertAllSameBits(takeValues([first(x)]), takeValues([saliency(x)]));
  const before = model.getWeights().map((weight) => weight.clone());
  update(x);
  const expected = valuesOf(model.getWeights());
  model.setWeights(before);
  second(x);
  assertAllSameBits(valuesOf(model.getWeights()), expected);
  first.dispose();
  second.dispose();
  model.dispose();
  tf.dispose([x, before]);
});
