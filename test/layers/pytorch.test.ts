/** Batch norm and cross-entropy against PyTorch, every number. */
import { test } from "node:test";
import { batchNormalization, sparseSoftmaxCrossEntropy } from "../../src/layers";
import { type Tensor, type Tensor2D, tf, type Variable } from "../../src/tensorflow";
import { assertClose } from "../support/assert-close";
import { symmetric, uniforms } from "../support/deterministic";
import { type LayersFixture, readFixture } from "../support/pytorch-fixture";

const { batchNorm, crossEntropy } = readFixture<LayersFixture>("layers.json");

for (const backend of ["tensorflow", "cpu"]) {
  test(`batch norm: output, gradients, running statistics over three batches, evaluation, ${backend}`, async () => {
    await tf.setBackend(backend);
    const shape = [...batchNorm.shape];
    const size = tf.util.sizeFromShape(shape);
    const layer = batchNormalization();
    layer.build([null, ...shape.slice(1)]);
    const start = [symmetric("bn/gamma", 2, 2), symmetric("bn/beta", 2, 1), [0, 0], [1, 1]];
    layer.setWeights(start.map((values) => tf.tensor1d(values)));
    const batch = (step: number) => tf.add(tf.tensor(symmetric(`bn/x/${step}`, size, 3), shape), 1);
    const [gamma, beta, mean, variance] = layer.weights.map((weight) => weight.read() as Variable);
    const check = (actual: Tensor, expected: number[], what: string) =>
      assertClose(actual, tf.tensor(expected, actual.shape), { tolerance: 2e-6, what: `${what}` });
    for (const step of [0, 1, 2]) {
      const output = layer.apply(batch(step), { training: true }) as Tensor;
      check(mean!, batchNorm.running[step]!.mean, `running mean after ${step}`);
      check(variance!, batchNorm.running[step]!.variance, `running variance after ${step}`);
      if (step === 2) check(output, batchNorm.output, "output");
    }
    check(layer.apply(batch(2)) as Tensor, batchNorm.evaluation, "evaluation");
    const dy = tf.tensor(symmetric("bn/dy", size, 1), shape);
    const weighted = (x: Tensor) => tf.sum(tf.mul(layer.apply(x, { training: true }) as Tensor, dy)).asScalar();
    check(tf.grad(weighted)(batch(2)), batchNorm.inputGradient, "gradient of the input");
    const { grads } = tf.variableGrads(() => weighted(batch(2)), [gamma!, beta!]);
    check(grads[gamma!.name]!, batchNorm.gammaGradient, "gradient of gamma");
    check(grads[beta!.name]!, batchNorm.betaGradient, "gradient of beta");
    await tf.setBackend("tensorflow");
  });
}

test("cross-entropy and its gradient", () => {
  const logits = tf.tensor2d(symmetric("cross-entropy/logits", 20, 4), [4, 5]);
  const labels = tf.tensor1d(
    [...uniforms("labels/cross-entropy", 4)].map((value) => Math.floor(5 * value)),
    "int32",
  );
  assertClose(sparseSoftmaxCrossEntropy(logits, labels), tf.tensor1d(crossEntropy.losses), { tolerance: 1e-6 });
  const gradient = tf.grad((x) => tf.mean(sparseSoftmaxCrossEntropy(x as Tensor2D, labels)))(logits);
  assertClose(gradient, tf.tensor2d(crossEntropy.gradient, [4, 5]), { tolerance: 1e-6 });
});
