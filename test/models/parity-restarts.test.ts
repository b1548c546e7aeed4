/** Gradients and running statistics of single steps from weights that PyTorch had after 0, 5 and 20 steps, at small width. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../../src/tensorflow";
import {
  assertLossParity,
  assertParity,
  fixtureModel,
  measureGradients,
  measureWeights,
  readFixture,
  type RestartFixture,
  setStoredWeights,
  type Summaries,
  weightNames,
} from "../support/pytorch-fixture";

const pick = <T>(record: Record<string, T>, pattern: RegExp) =>
  Object.fromEntries(Object.entries(record).filter(([name]) => pattern.test(name)));

for (const network of ["vgg38-bn", "vgg38-bn-rc", "vgg19", "resnet18", "resnet34", "resnet50", "resnet101"]) {
  const fixture = readFixture<RestartFixture>(`restarts/${network}.json`);
  for (const at of ["0", "5", "20"] as const) {
    test(`${network} after ${at} steps: loss, gradients and running statistics are PyTorch's`, () => {
      const before = tf.memory().numTensors;
      const step = fixture.steps[at];
      const model = fixtureModel(fixture);
      assert.deepEqual(weightNames(model).sort(), [...fixture.order].sort());
      if (step.weights !== null) setStoredWeights(model, fixture, step.weights);
      const { loss, gradients } = measureGradients(model, Number(at), fixture.batch);
      const after = measureWeights(model);
      model.dispose();
      assertLossParity(loss, step.loss);
      assertParity(gradients, step.gradients);
      const running = /moving_(mean|variance)$/;
      assertParity(pick(after, running), pick(step.weightsAfter, running) as Summaries, "running statistics");
      assert.equal(tf.memory().numTensors, before);
    });
  }
}
