/** Clipping by value, by each layer's norm and by the norm of all, in both engines. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dataset } from "../../src/datasets";
import { readTraining } from "../../src/spec";
import { tf } from "../../src/tensorflow";
import { sgd, startTraining, type TrainOptions } from "../../src/training";

const model = () =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [2], name: "first", kernelInitializer: "ones" }),
      tf.layers.dense({ units: 1, name: "second", kernelInitializer: "ones" }),
    ],
  });

/** What one step of plain SGD with rate 1 subtracts: the gradients as they were clipped. */
async function gradients(options: TrainOptions): Promise<number[][]> {
  const network = model();
  const before = network.getWeights().map((weight) => [...weight.dataSync()]);
  const data = await dataset({ train: { inputs: [[1, 2], [3, 4]], targets: [1, 2] }, classes: null }); // prettier-ignore
  await startTraining(network, data, { epochs: 1, batchSize: 2, loss: "mse", optimizer: sgd({ learningRate: 1, momentum: 0 }), ...options }).finished; // prettier-ignore
  const after = network.getWeights().map((weight) => [...weight.dataSync()]);
  network.dispose();
  return before.map((values, at) => values.map((value, index) => value - after[at]![index]!));
}

const norm = (...parts: number[][]) => Math.sqrt(parts.flat().reduce((sum, value) => sum + value ** 2, 0));
const near = (found: number[][], expected: number[][], bound = 1e-5) =>
  found.flat().forEach((value, at) => assert.ok(Math.abs(value - expected.flat()[at]!) < bound * Math.max(1, Math.abs(value)))); // prettier-ignore

for (const engine of ["graph", "eager"] as const)
  test(`gradients are clipped by value, by layer and together (${engine})`, async () => {
    const raw = await gradients({ engine });
    near(await gradients({ engine, clipValue: 5 }), raw.map((values) => values.map((value) => Math.max(-5, Math.min(5, value))))); // prettier-ignore
    const scales = [norm(raw[0]!, raw[1]!), norm(raw[2]!, raw[3]!)].map((each) => Math.min(1, 2 / (each + 1e-6)));
    near(await gradients({ engine, clipLayerNorm: 2 }), raw.map((values, at) => values.map((value) => value * scales[at < 2 ? 0 : 1]!))); // prettier-ignore
    const scale = Math.min(1, 2 / (norm(...raw) + 1e-6));
    near(await gradients({ engine, clipNorm: 2 }), raw.map((values) => values.map((value) => value * scale))); // prettier-ignore
    near(await gradients({ engine, clipValue: 1e6 }), raw);
  });

test("two ways to clip, or one by nothing, are refused", () => {
  assert.throws(() => readTraining({ clipNorm: 1, clipValue: 1 }), /one way to clip but found clipNorm and clipValue/);
  assert.throws(() => readTraining({ clipLayerNorm: 0 }), /clipLayerNorm to be above 0/);
});
