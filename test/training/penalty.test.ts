import assert from "node:assert/strict";
import { test } from "node:test";
import { type Dataset, dataset } from "../../src/datasets";
import type { EngineName } from "../../src/graph";
import { type LayersModel, tf } from "../../src/tensorflow";
import { sgd, startTraining } from "../../src/training";
import { symmetric } from "../support/deterministic";

const RATE = 0.05;

/** The same samples to train on, to validate and to test. */
function data(): Promise<Dataset> {
  const inputs = { values: Float32Array.from(symmetric("penalised", 24 * 4, 1)), sampleShape: [4] };
  const split = { inputs, targets: Array.from({ length: 24 }, (_, at) => at % 3) };
  return dataset({ train: split, validation: split, test: split });
}

function model(rate: number | null, nested = false): LayersModel {
  const dense = (units: number, seed: number, rest: object = {}) =>
    tf.layers.dense({
      units,
      kernelInitializer: tf.initializers.randomUniform({ minval: -1, maxval: 1, seed }),
      ...(rate === null ? {} : { kernelRegularizer: tf.regularizers.l2({ l2: rate }) }),
      ...rest,
    });
  const head = dense(3, 2, { inputShape: [5] });
  return tf.sequential({ layers: [dense(5, 1, { inputShape: [4] }), nested ? (tf.sequential({ layers: [head] }) as never) : head] }); // prettier-ignore
}

for (const engine of ["graph", "eager"] as EngineName[])
  for (const nested of [false, true])
    test(`all three losses are without penalties, which stand beside them (${engine}${nested ? ", nested" : ""})`, async () => {
      const [samples, network] = [await data(), model(RATE, nested)];
      const squares = network.getWeights().flatMap((weight) => (weight.rank === 2 ? [weight.square().sum().dataSync()[0]!] : [])); // prettier-ignore
      // Weights hardly move, so that training sees what evaluation sees.
      const options = {
        epochs: 2,
        batchSize: 7,
        test: "epoch",
        engine,
        optimizer: sgd({ learningRate: 1e-9 }),
      } as const;
      const before = tf.memory().numTensors;
      const run = await startTraining(network, samples, options).finished;
      assert.equal(tf.memory().numTensors, before);
      for (const { trainLoss, validationLoss, testLoss, penalty } of run.epochs) {
        assert.ok(Math.abs(trainLoss / validationLoss! - 1) < 1e-5 && validationLoss === testLoss);
        assert.ok(Math.abs(penalty! / (RATE * squares.reduce((sum, value) => sum + value, 0)) - 1) < 1e-5);
      }
      samples.dispose();
    });

test("training minimises both: the same weights as with the penalty written into the loss, and 0 where there is none", async () => {
  const samples = await data();
  const options = { epochs: 3, batchSize: 8, optimizer: sgd({ learningRate: 0.1 }) };
  const [regularised, plain] = [model(RATE), model(null)];
  await startTraining(regularised, samples, options).finished;
  const penalty = () => tf.addN(plain.weights.filter(({ shape }) => shape.length === 2).map((weight) => weight.read().square().sum().mul(RATE))); // prettier-ignore
  const loss = (prediction: unknown, labels: never) =>
    tf.losses.softmaxCrossEntropy(tf.oneHot(labels, 3), prediction as never).add(penalty());
  const written = await startTraining(plain, samples, { ...options, loss: loss as never }).finished;
  regularised.getWeights().forEach((weight, at) => {
    assert.ok(weight.sub(plain.getWeights()[at]!).abs().max().dataSync()[0]! < 1e-5);
  });
  assert.deepEqual(written.epochs.map((row) => row.penalty), [0, 0, 0]); // prettier-ignore
  samples.dispose();
});

test("a penalty that is not finite ends a run as a loss does", async () => {
  const [samples, network] = [await data(), model(1e38)];
  const run = await startTraining(network, samples, { epochs: 2, optimizer: sgd({ learningRate: 1e-45 }) }).finished;
  assert.equal(run.status, "diverged");
  samples.dispose();
});
