/** Gradients of the larger ResNets at the start, at full width, against PyTorch; at small width parity-restarts.test.ts has them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../../src/tensorflow";
import {
  assertLossParity,
  assertParity,
  fixtureModel,
  measureGradients,
  readFixture,
  type Step0Fixture,
} from "../support/pytorch-fixture";

for (const name of ["resnet34", "resnet50", "resnet101"]) {
  test(`${name}: loss and every weight's gradient at the start are PyTorch's`, () => {
    const fixture = readFixture<Step0Fixture>(`step0/${name}.json`);
    const before = tf.memory().numTensors;
    const model = fixtureModel(fixture);
    const { loss, gradients } = measureGradients(model, 0, fixture.batch);
    model.dispose();
    assertLossParity(loss, fixture.loss);
    assertParity(gradients, fixture.gradients);
    assert.equal(tf.memory().numTensors, before);
  });
}
