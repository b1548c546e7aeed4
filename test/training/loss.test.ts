import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dataset } from "../../src/datasets";
import type { EngineName } from "../../src/graph";
import { type Tensor, tf } from "../../src/tensorflow";
import { type CustomLoss, evaluate, sgd, startTraining } from "../../src/training";

const one = (prediction: Tensor | Tensor[]) => [prediction].flat()[0]!;
const regression = () =>
  dataset({ train: { inputs: [[1], [2], [3], [4], [5]], targets: [[1, 2], [2, 3], [3, 4], [4, 5], [5, 6]] }, classes: null }); // prettier-ignore
const model = () =>
  tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [1], kernelInitializer: "ones", name: "dense" })] });

async function trained(loss: CustomLoss, engine: EngineName = "graph") {
  const [network, data] = [model(), await regression()];
  // A smaller last batch, of which the mean counts less.
  const options = { epochs: 2, batchSize: 2, loss, engine, optimizer: sgd({ learningRate: 0.01 }) };
  const run = await startTraining(network, data, options).finished;
  const { loss: evaluated } = await evaluate(network, data, data.train, { loss, batchSize: 2 });
  return {
    losses: run.epochs.map(({ trainLoss }) => trainLoss),
    weights: network.getWeights()[0]!.arraySync(),
    evaluated,
  };
}

describe("a loss of one's own", () => {
  for (const engine of ["graph", "eager"] as EngineName[])
    test(`one loss a sample, or a number: the mean is taken, as Keras does (${engine})`, async () => {
      const mean = await trained((p, t) => one(p).sub(t).square().mean(), engine);
      for (const part of [
        (p: Tensor | Tensor[], t: Tensor) => one(p).sub(t).square().mean(1),
        (p: Tensor | Tensor[], t: Tensor) => one(p).sub(t).square(),
        (p: Tensor | Tensor[], t: Tensor) => one(p).sub(t).square().mean(1, true),
      ]) {
        const found = await trained(part, engine);
        for (const [at, loss] of found.losses.entries()) assert.ok(Math.abs(loss / mean.losses[at]! - 1) < 1e-6);
        assert.ok(Math.abs(found.evaluated / mean.evaluated - 1) < 1e-6);
        assert.ok(tf.tensor(found.weights).sub(tf.tensor(mean.weights)).abs().max().dataSync()[0]! < 1e-6);
      }
    });

  const wrong: [string, unknown, RegExp][] = [
    [
      "a promise",
      async (p: Tensor) => p.mean(),
      /Expected loss to return a tensor but found a Promise: write it without async/,
    ],
    [
      "a number",
      () => 1.5,
      /Expected loss to return a tensor but found the number 1.5: compute it with tensor operations/,
    ],
    ["nothing", function forgotten() {}, /Expected loss forgotten to return a tensor but found undefined/],
  ];
  for (const [what, loss, message] of wrong)
    for (const engine of ["graph", "eager"] as EngineName[])
      test(`${what}: refused by name (${engine})`, async () => {
        await assert.rejects(trained(loss as CustomLoss, engine), { name: "TypeError", message });
      });
});
