/** Trajectories and updates against PyTorch's, as far as PyTorch agrees with itself; op by op and as one function. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type EngineName } from "../../src/graph";
import { graphBinding, tf } from "../../src/tensorflow";
import { stepContext, stepsOn } from "../support/fixture-optimizer";
import {
  assertLossParity,
  assertParity,
  fixtureInputs,
  fixtureLabels,
  fixtureModel,
  measureWeights,
  readFixture,
  type RestartFixture,
  setDeterministicWeights,
  setStoredWeights,
  type TrajectoryFixture,
} from "../support/pytorch-fixture";

const ENGINES: readonly EngineName[] = graphBinding() ? ["graph", "eager"] : ["eager"];

/** Op by op the deep networks take their time, and engines.test.ts has both engines do the same to the last bit. */
const TRAJECTORIES = {
  graph: ["vgg08", "vgg38", "vgg38-rc"],
  eager: graphBinding() ? ["vgg08"] : ["vgg08", "vgg38", "vgg38-rc"],
};

for (const engine of ENGINES) {
  for (const network of TRAJECTORIES[engine]) {
    test(`${engine}, ${network}: the losses of 20 steps of Adam are PyTorch's within 1e-4`, () => {
      const fixture = readFixture<TrajectoryFixture>(`trajectories/${network}.json`);
      const model = fixtureModel(fixture);
      const context = stepContext(model, fixture.optimizer);
      const steps = stepsOn(engine, context);
      fixture.losses.float64.forEach((expected, index) => {
        const x = fixtureInputs(index, fixture.batch);
        const y = fixtureLabels(index, fixture.batch, fixture.classes);
        const loss = steps.run(x, y, fixture.optimizer.learningRate, index + 1);
        tf.dispose([x, y]);
        assert.ok(Math.abs(loss / expected - 1) < 1e-4, `step ${index + 1}: ${loss} against ${expected}`);
      });
      steps.dispose();
      context.optimizer.dispose();
      model.dispose();
    });
  }

  for (const network of ["vgg38-bn", "vgg38-bn-rc", "vgg19", "resnet18", "resnet34", "resnet50", "resnet101"]) {
    const fixture = readFixture<RestartFixture>(`restarts/${network}.json`);
    test(`${engine}, ${network} after 0, 5 and 20 steps: one update of ${fixture.optimizer.kind} is PyTorch's`, () => {
      const model = fixtureModel(fixture);
      const context = stepContext(model, fixture.optimizer);
      const steps = stepsOn(engine, context);
      for (const at of ["0", "5", "20"] as const) {
        const step = fixture.steps[at];
        if (step.weights === null) setDeterministicWeights(model);
        else setStoredWeights(model, fixture, step.weights);
        context.optimizer.reset();
        const x = fixtureInputs(Number(at), fixture.batch);
        const y = fixtureLabels(Number(at), fixture.batch, fixture.classes);
        const loss = steps.run(x, y, fixture.optimizer.learningRate, 1);
        tf.dispose([x, y]);
        assertLossParity(loss, step.loss, `loss after ${at} steps`);
        assertParity(measureWeights(model), step.weightsAfter, `weights after ${at} steps and the update`);
      }
      steps.dispose();
      context.optimizer.dispose();
      model.dispose();
    });
  }
}
