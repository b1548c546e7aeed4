/** Long runs leave nothing behind; in a process of their own, whose memory nobody else has used. */
import assert from "node:assert/strict";
import { stages } from "../../src/amplification";
import { vgg08 } from "../../src/models";
import { tf } from "../../src/tensorflow";
import { sgd, startTraining, type TrainOptions } from "../../src/training";
import { graphTest as test } from "../support/graph-test";
import { smallSamples } from "../support/small-samples";

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
