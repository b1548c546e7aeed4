/** Models of users' own over fifty steps, compiled and op by op: the same losses and weights to the last bit. */
import assert from "node:assert/strict";
import { compile } from "../../src/graph";
import { DeviceDraws } from "../../src/graph/device-draws";
import { type LayersModel, type Scalar, type Tensor, tf, type Variable } from "../../src/tensorflow";
import { graphTest as test } from "../support/graph-test";
import { assertAllSameBits, assertSameBits, valuesOf } from "../support/same-bits";
import { fixStart, USER_MODELS, userSamples } from "../support/user-models";

const STEPS = 50;
const { x, y } = userSamples();

/** A training step as a tfjs user writes it. */
function trainingStep(model: LayersModel) {
  const optimizer = tf.train.momentum(0.01, 0.9);
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
  const step = (images: Tensor, classes: Tensor) => {
    const { value, grads } = tf.variableGrads(() => {
      const loss = tf.losses.softmaxCrossEntropy(classes, model.apply(images, { training: true }) as Tensor) as Scalar;
      return model.calculateLosses().reduce((sum, penalty) => sum.add(penalty) as Scalar, loss);
    }, variables);
    optimizer.applyGradients(grads as never);
    return value;
  };
  return { step, optimizer };
}

/** Losses and weights of a model trained from where it is. */
function train(model: LayersModel, how: (step: (x: Tensor, y: Tensor) => Tensor) => (x: Tensor, y: Tensor) => Tensor) {
  const { step, optimizer } = trainingStep(model);
  const call = how(step);
  const losses = Float32Array.from({ length: STEPS }, () => tf.tidy(() => call(x, y).dataSync()[0]!));
  optimizer.dispose();
  return { losses, weights: valuesOf(model.getWeights()) };
}

for (const [name, make] of Object.entries(USER_MODELS)) {
  test(`${name}: fifty steps are the same to the last bit`, () => {
    const model = make();
    fixStart(model);
    const start = model.getWeights().map((weight) => weight.clone());
    const compiled: { traces: number; dispose(): void }[] = [];
    const found = train(model, (step) => {
      const call = compile(step, { seed: 7 });
      compiled.push(call);
      return call;
    });
    model.setWeights(start);
    const draws = new DeviceDraws(7);
    const expected = train(model, (step) => (images, classes) => draws.during(() => step(images, classes)));
    assertSameBits(found.losses, expected.losses, "loss");
    assertAllSameBits(found.weights, expected.weights, "weight");
    const ten = (first: number) => found.losses.slice(first, first + 10).reduce((sum, loss) => sum + loss) / 10;
    assert.ok(ten(40) < ten(0), `${ten(0)} to ${ten(40)}`);
    assert.equal(compiled[0]!.traces, 1);
    compiled[0]!.dispose();
    draws.dispose();
    // Afterwards the model is the trained one, for everybody.
    const prediction = model.predict(x) as Tensor;
    assert.ok(prediction.dataSync().every(Number.isFinite));
    tf.dispose([start, prediction]);
    model.dispose();
  });
}
