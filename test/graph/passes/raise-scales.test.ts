/** A factor on a gradient moves into the small tensor that the gradient is made with, whatever the factor. */
import assert from "node:assert/strict";
import "../../../src/layers";
import { scaleGradient } from "../../../src/amplification";
import { compile } from "../../../src/graph";
import { raiseScalesPass } from "../../../src/graph/passes/raise-scales";
import { trace } from "../../../src/graph/trace";
import { type Scalar, type Tensor, type Tensor4D, tf } from "../../../src/tensorflow";
import { symmetric } from "../../support/deterministic";
import { graphTest as test } from "../../support/graph-test";
import { assertAllSameBits, relativeError, takeValues } from "../../support/same-bits";
import { applying, nodesOf } from "../../support/training-graph";

const SHAPE = [2, 16, 16, 3];
const images = tf.tensor4d(symmetric("images", 2 * 16 * 16 * 3, 1), SHAPE as [2, 16, 16, 3]);
const filter = tf.tensor4d(symmetric("filter", 3 * 3 * 3 * 3, 1), [3, 3, 3, 3]);
const convolve = (x: Tensor) => tf.conv2d(x as Tensor4D, filter, 1, "same");
const pool = (x: Tensor) => tf.maxPool(x as Tensor4D, 2, 2, "valid");

/** Multiplications of tensors that the pass leaves in a step. */
function productsLeft(step: (x: Tensor) => Tensor): string[] {
  const traced = applying(raiseScalesPass)(trace((x) => [step(x!)], [{ dtype: 1, shape: SHAPE }]));
  const left = nodesOf(traced, "Mul").map(({ outputs }) => outputs[0]!.shape!);
  traced.dispose();
  return left.filter(({ length }) => length > 0).map((shape) => shape.join("×"));
}

const factorOf = (number: number) => tf.scalar(number);
const amplified = (number: number) => {
  const factor = factorOf(number);
  return { by: (x: Tensor) => scaleGradient(x, factor as Scalar), factor };
};

test("into the next convolution's filter, through activations and pools", () => {
  for (const number of [2, 100, 1e-3, -7]) {
    const { by, factor } = amplified(number);
    const step = (x: Tensor) => tf.grad((y) => convolve(pool(by(tf.leakyRelu(by(tf.mul(y, y)), 0.1)))).sum())(x);
    // Both factors are in the filter; y · y and its gradient have products of their own.
    assert.deepEqual(productsLeft(step).sort(), ["2×16×16×3", "2×16×16×3", "2×16×16×3", "3×3×3×3"], String(number));
    const compiled = compile(step);
    const [found, plain] = [takeValues([compiled(images)]), takeValues([tf.tidy(() => step(images))])];
    if (number === 2) assertAllSameBits(found, plain);
    else assert.ok(relativeError(found[0]!, plain[0]!) < 1e-6);
    compiled.dispose();
    factor.dispose();
  }
});

test("not where something else needs the gradient as it is, nor where it is larger than a filter can take", () => {
  const { by, factor } = amplified(2);
  const shared = (x: Tensor) => tf.grad((y) => tf.add(y, by(tf.mul(y, 1))).sum().add(convolve(y).sum()))(x); // prettier-ignore
  assert.ok(productsLeft(shared).includes("2×16×16×3"));
  const huge = amplified(1e7);
  const step = (x: Tensor) => tf.grad((y) => convolve(huge.by(tf.relu(y))).sum())(x);
  assert.deepEqual(productsLeft(step), ["2×16×16×3"]);
  tf.dispose([factor, huge.factor]);
});

test("not a factor that is computed of what the convolution gives", () => {
  const step = (x: Tensor) => {
    const gradient = tf.grad((y) => convolve(y).square().sum())(x);
    return gradient.div(tf.norm(gradient)).mul(tf.sum(gradient));
  };
  const compiled = compile(step);
  assertAllSameBits(takeValues([compiled(images)]), takeValues([tf.tidy(() => step(images))]));
  compiled.dispose();
});
