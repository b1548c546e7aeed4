/** Fifty steps of every network as one function and op by op; and that training for long leaves memory flat. */
import assert from "node:assert/strict";
import { stages } from "../../src/amplification";
import { vgg08 } from "../../src/models";
import { tf } from "../../src/tensorflow";
import { adam, sgd, startTraining, type TrainOptions } from "../../src/training";
import { assertSameOutcome, outcomeOf } from "../support/both-engines";
import { graphTest as test } from "../support/graph-test";
import { smallSamples } from "../support/small-samples";

const NETWORKS: [network: string, size: number][] = [
  ["vgg08", 32],
  ["vgg38", 8],
  ["vgg38-rc", 8],
  ["vgg38-bn", 8],
  ["vgg38-bn-rc", 8],
  ["vgg19", 32],
  ["resnet18", 16],
  ["resnet50", 16],
];
const OPTIMIZERS = { adam: () => adam(), sgd: () => sgd({ learningRate: 1e-3, weightDecay: 5e-4 }) };

for (const [network, size] of NETWORKS) {
  for (const [name, optimizer] of Object.entries(OPTIMIZERS)) {
    for (const amplified of [false, true]) {
      test(`${network}, ${name}${amplified ? ", amplified" : ""}: fifty steps are the same to the last bit`, async () => {
        const data = await smallSamples({ size, train: 46 });
        const group = /bn|resnet|vgg19/.test(network) ? "bn" : "relu";
        // Few enough layers that no network diverges; what happens then has tests of its own (non-finite.test.ts).
        const amplify = amplified ? { amplify: { group, ampRatio: 0.2, ampFactor: 2 } as const } : {};
        const go = (engine: "graph" | "eager") =>
          outcomeOf(
            network,
            { width: 4, size },
            data,
            // Five steps an epoch, the last one of six samples.
            { ...amplify, optimizer: optimizer(), epochs: 10, batchSize: 10, seed: 3, engine },
          );
        assertSameOutcome(await go("graph"), await go("eager"));
        data.dispose();
      });
    }
  }
}

/** Asserts that a longer run leaves behind no more than a shorter one. */
async function assertFlat(train: (epochs: number) => Promise<unknown>, longer: number): Promise<void> {
  const memoryAfter = async (epochs: number) => {
    await train(epochs);
    (globalThis as { gc?: () => void }).gc?.();
    return { tensors: tf.memory().numTensors, megabytes: process.memoryUsage().rss / 1e6 };
  };
  await train(20);
  const before = await memoryAfter(20);
  const after = await memoryAfter(longer);
  assert.equal(after.tensors, before.tensors);
  assert.ok(after.megabytes < before.megabytes + 60, `${before.megabytes} to ${after.megabytes} MB`);
}

test("ten thousand steps of training, measured, leave memory flat", async () => {
  const data = await smallSamples({ train: 600 });
  const model = vgg08({ classes: 3, width: 4, inputShape: [8, 8, 3] });
  const options: TrainOptions = { batchSize: 6, optimizer: sgd({ learningRate: 1e-3 }), validate: "end" };
  await assertFlat((epochs) => startTraining(model, data, { ...options, epochs }).finished, 100);
  model.dispose();
  data.dispose();
});

test("a hundred selections of other layers leave memory flat", async () => {
  const data = await smallSamples();
  const model = vgg08({ classes: 3, width: 4, inputShape: [8, 8, 3], batchNorm: true });
  const train = (epochs: number) => {
    const list = Array.from({ length: epochs }, (_, at) => [at + 1, 1e-3, 0.5, 2] as const);
    return startTraining(model, data, { batchSize: 13, measure: null, stages: stages(list, { group: "bn" }) }).finished;
  };
  await assertFlat(train, 100);
  model.dispose();
  data.dispose();
});
