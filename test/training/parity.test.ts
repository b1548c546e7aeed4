/** Trajectories and updates against PyTorch's, as far as PyTorch agrees with itself. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../../src/tensorflow";
import { doStep, stepContext } from "../support/fixture-optimizer";
import {
  assertLossParity,
  assertParity,
  fixtureInputs,
  fixtureLabels,
  fixtureModel,
  measureWeights,
  readFixture,
  type RestartFixture,
  setStoredWeights,
  type TrajectoryFixture,
} from "../support/pytorch-fixture";

for (const network of ["vgg08", "vgg38", "vgg38-rc"]) {
  test(`${network}: the losses of 20 steps of Adam are PyTorch's within 1e-4`, () => {
    const fixture = readFixture<TrajectoryFixture>(`trajectories/${network}.json`);
    const model = fixtureModel(fixture);
    const context = stepContext(model, fixture.optimizer);
    fixture.losses.float64.forEach((expected, index) => {
      const x = fixtureInputs(index, fixture.batch);
      const y = fixtureLabels(index, fixture.batch, fixture.classes);
      const loss = doStep(context, x, y, fixture.optimizer.learningRate, index + 1);
      tf.dispose([x, y]);
      assert.ok(Math.abs(loss / expected - 1) < 1e-4, `step ${index + 1}: ${loss} against ${expected}`);
    });
    context.optimizer.dispose();
    model.dispose();
  });
}

for (const network of ["vgg38-bn", "vgg38-bn-rc", "vgg19", "resnet18", "resnet34", "resnet50", "resnet101"]) {
  const fixture = readFixture<RestartFixture>(`restarts/${network}.json`);
  for (const at of ["0", "5", "20"] as const) {
    test(`${network} after ${at} steps: one update of ${fixture.optimizer.kind} is PyTorch's`, () => {
      const step = fixture.steps[at];
      const model = fixtureModel(fixture);
      if (step.weights !== null) setStoredWeights(model, fixture, step.weights);
      const context = stepContext(model, fixture.optimizer);
      const x = fixtureInputs(Number(at), fixture.batch);
      const y = fixtureLabels(Number(at), fixture.batch, fixture.classes);
      const loss = doStep(context, x, y, fixture.optimizer.learningRate, 1);
      const after = measureWeights(model);
      context.optimizer.dispose();
      tf.dispose([x, y]);
      model.dispose();
      assertLossParity(loss, step.loss);
      assertParity(after, step.weightsAfter, "weights after the update");
    });
  }
}
