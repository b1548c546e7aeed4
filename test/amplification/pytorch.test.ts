/** Amplified gradients against PyTorch's full backward pre-hooks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { amplify } from "../../src/amplification";
import { tf } from "../../src/tensorflow";
import {
  type AmplificationFixture,
  assertParity,
  fixtureModel,
  measureGradients,
  readFixture,
  setDeterministicWeights,
} from "../support/pytorch-fixture";

for (const network of ["vgg19", "resnet18"]) {
  const fixture = readFixture<AmplificationFixture>(`amplification/${network}.json`);
  const model = fixtureModel(fixture);
  const first = Object.keys(fixture.raw)[0]!;

  test(`${network}: raw gradients are PyTorch's`, () => {
    assertParity(measureGradients(model, 0, fixture.batch).gradients, fixture.raw);
  });

  for (const [name, expected] of Object.entries(fixture.cases)) {
    test(`${network}, ${name}: every weight's gradient is that of PyTorch's hooks`, () => {
      const before = tf.memory().numTensors;
      setDeterministicWeights(model);
      const raw = measureGradients(model, 0, fixture.batch).gradients;
      const amplification = amplify(model, {
        group: (layer) => expected.layers.includes(layer.name),
        ampFactor: expected.factor,
        scope: expected.scope,
      });
      assert.equal(amplification.layers.length, expected.layers.length);
      const { gradients } = measureGradients(model, 0, fixture.batch);
      amplification.remove();
      assertParity(gradients, expected.gradients);
      // In a plain chain k amplified layers multiply the gradient at the input by factorᵏ, exactly for powers of two.
      const ratio = gradients[first]![1] / raw[first]![1];
      if (network === "vgg19" && expected.scope === "backprop" && Math.log2(expected.factor) % 1 === 0) {
        assert.equal(ratio, expected.factor ** expected.layers.length);
      }
      assert.ok(Math.abs(ratio / expected.ratioAtInput - 1) < 1e-2, `${ratio} against ${expected.ratioAtInput}`);
      assert.equal(tf.memory().numTensors, before);
    });
  }
}
