/** Every optimizer against PyTorch's numbers, over eight steps with a rate that changes on the way. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../../src/tensorflow";
import { clipGradients } from "../../src/training/program/clip-gradients";
import { fixtureOptimizer } from "../support/fixture-optimizer";
import { type LayersFixture, readFixture } from "../support/pytorch-fixture";

const { start, gradients, learningRates, runs } = readFixture<LayersFixture>("layers.json").optimizers;

for (const { options, parameters } of runs) {
  test(`${JSON.stringify(options)} updates as PyTorch does`, () => {
    const before = tf.memory().numTensors;
    const variable = tf.tidy(() => tf.variable(tf.tensor1d(start)));
    const optimizer = fixtureOptimizer(options).start([variable]);
    gradients.forEach((gradient, index) => {
      tf.tidy(() => {
        const raw = [tf.tensor1d(gradient)];
        optimizer.apply(options.clipNorm ? clipGradients(raw, options.clipNorm) : raw, {
          learningRate: tf.scalar(learningRates[index]!),
          step: tf.scalar(index + 1),
        });
      });
      const found = variable.dataSync();
      parameters[index]!.forEach((expected, at) => {
        const bound = 2e-5 * Math.max(1, Math.abs(expected));
        assert.ok(Math.abs(found[at]! - expected) < bound, `step ${index + 1}: ${found[at]} against ${expected}`);
      });
    });
    optimizer.dispose();
    variable.dispose();
    assert.equal(tf.memory().numTensors, before);
  });
}
