import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as ga from "../../../src";
import { modelTensors } from "../../../src/training/program/model-tensors";

const data = () => ga.embedded({ train: 50, validation: 20, test: 20 });
const { tf } = ga;
/** VGG08 has a batch norm in any case. */
const model = () => ga.vgg08({ classes: 10, width: 4, seed: 1 });
const kernel = (seed: number) => ({ kernelInitializer: tf.initializers.glorotUniform({ seed }) });
const withoutNorm = () =>
  tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, inputShape: [32, 32, 3], ...kernel(1) }),
      tf.layers.reLU(),
      tf.layers.conv2d({
        filters: 6,
        kernelSize: 3,
        strides: 2,
        kernelRegularizer: tf.regularizers.l2({ l2: 0.01 }),
        ...kernel(2),
      }),
      tf.layers.reLU(),
      tf.layers.flatten(),
      tf.layers.dense({ units: 10, ...kernel(3) }),
    ],
  });
const options = { epochs: 2, batchSize: 20, progress: false } as const;
const weightsOf = (net: ga.LayersModel) =>
  [...modelTensors(net).values()].flatMap(({ tensor }) => [...tensor.dataSync<"float32">()]);

function assertAlike(found: ga.LayersModel, expected: ga.LayersModel, largest: number): void {
  const [own, other] = [weightsOf(found), weightsOf(expected)];
  const off = Math.max(...own.map((value, at) => Math.abs(value - other[at]!)));
  assert.ok(off <= largest, `weights are off by ${off}`);
}

describe("accumulate", () => {
  for (const engine of ["graph", "eager"] as const)
    it(`trains as the whole batch does, with amplification, penalties and a smaller last batch: ${engine}`, async () => {
      const amplify = { group: "relu", ampRatio: 0.5, ampFactor: 2 } as const;
      const measure = { statistics: ["gradientFlow", "directionality"], every: "epoch" } as const;
      const given = { ...options, engine, amplify, measure, logEvery: 1, clipNorm: 0.5 } as const;
      const [whole, parts] = [withoutNorm(), withoutNorm()];
      const expected = await ga.train(whole, data(), given);
      // The last batch of 10 comes in parts of 4, 4 and 2, the others in parts of 7, 7 and 6.
      const found = await ga.train(parts, data(), { ...given, accumulate: 3 });
      assertAlike(parts, whole, 2e-6);
      assert.equal(found.steps.length, expected.steps.length);
      found.epochs.forEach((row, at) => {
        assert.ok(Math.abs(row.trainLoss - expected.epochs[at]!.trainLoss) < 1e-5);
        assert.equal(row.trainAccuracy, expected.epochs[at]!.trainAccuracy);
      });
      for (const kind of ["gradients", "directionality"] as const)
        assert.equal(found[kind].length, expected[kind].length);
      found.gradients.forEach((row, at) =>
        assert.ok(Math.abs(row.meanAbs / expected.gradients[at]!.meanAbs - 1) < 1e-3, `${row.layer} ${row.weight}`),
      );
      found.directionality.forEach((row, at) => assert.ok(Math.abs(row.G - expected.directionality[at]!.G) < 1e-3));
    });

  it("weighs samples, several outputs and penalties as the whole batch does", async () => {
    const make = () => {
      const input = tf.input({ shape: [2] });
      const dense = (units: number, seed: number, more = {}) =>
        tf.layers.dense({ units, kernelInitializer: tf.initializers.glorotUniform({ seed }), ...more });
      const hidden = dense(5, 1, { activation: "tanh", kernelRegularizer: tf.regularizers.l2({ l2: 0.1 }) }).apply(
        input,
      );
      return tf.model({ inputs: input, outputs: [dense(3, 2).apply(hidden), dense(1, 3).apply(hidden)] as never });
    };
    const inputs = Array.from({ length: 22 }, (_, at) => [Math.sin(at), Math.cos(2 * at)]);
    const set = await ga.dataset({
      train: {
        inputs,
        severalTargets: [inputs.map((_, at) => at % 3), inputs.map(([x, y]) => [x! - y!])],
        weights: inputs.map((_, at) => 1 + (at % 2)),
      },
    });
    const [whole, parts] = [make(), make()];
    const given = { ...options, loss: ["crossEntropy", "mse"], optimizer: ga.adam(), batchSize: 10 } as const;
    const expected = await ga.train(whole, set, given);
    const found = await ga.train(parts, set, { ...given, accumulate: 4 });
    assertAlike(parts, whole, 1e-5);
    found.epochs.forEach(({ trainLoss, penalty }, at) => {
      assert.ok(Math.abs(trainLoss - expected.epochs[at]!.trainLoss) < 1e-5);
      assert.ok(Math.abs(penalty! - expected.epochs[at]!.penalty!) < 1e-5);
    });
  });

  it("shows batch norm each part for itself", async () => {
    const [whole, parts] = [model(), model()];
    await ga.train(whole, data(), { ...options, epochs: 1 });
    await ga.train(parts, data(), { ...options, epochs: 1, accumulate: 4 });
    assert.throws(() => assertAlike(parts, whole, 1e-5));
  });

  it("is refused where it makes no sense", async () => {
    await assert.rejects(ga.train(model(), data(), { ...options, accumulate: 21 }), /at most the batch size, 20/);
    await assert.rejects(ga.train(model(), data(), { ...options, accumulate: 0 }), /whole number above 0/);
    await assert.rejects(
      ga.train(model(), data(), { ...options, accumulate: 2, measure: { statistics: ["outputs"] } }),
      /"outputs"/,
    );
  });
});
