import assert from "node:assert/strict";
import { test } from "node:test";
import { stages } from "../../src/amplification";
import { dataset } from "../../src/datasets";
import { tf } from "../../src/tensorflow";
import { startTraining, type TrainOptions } from "../../src/training";
import { tinyData, tinyModel } from "../support/tiny";

test("amplifying nothing is said, once", async () => {
  const data = tinyData();
  const warnings = async (options: TrainOptions) =>
    (
      await startTraining(tinyModel({ batchNorm: true }), data, { batchSize: 50, engine: "eager", ...options }).finished
    ).warnings.filter((text) => text.startsWith("Nothing is amplified"));
  assert.equal((await warnings({ epochs: 1, amplify: { group: "bn", ampFactor: 1 } })).length, 1);
  assert.equal((await warnings({ epochs: 1, amplify: { group: "bn", ampRatio: 0 } })).length, 1);
  assert.equal((await warnings({ stages: stages([[1, 0.1, 0, 1], [2, 0.1, 0.5, 1]], { group: "bn" }) })).length, 1); // prettier-ignore
  assert.equal((await warnings({ epochs: 1, amplify: { group: "bn", ampFactor: 2 } })).length, 0);
  assert.equal((await warnings({ stages: stages([[1, 0.1, 0, 1]]) })).length, 0);
});

test("pixels that nothing scales are said, once", async () => {
  const targets = Array.from({ length: 20 }, (_, i) => i % 3);
  const pixels = tf.randomUniform([20, 8, 8, 3], 0, 256, "float32", 1).floor();
  const warnings = async (inputs: Parameters<typeof dataset>[0]["train"]["inputs"] & object, more: object = {}) => {
    const model = tf.sequential({
      layers: [tf.layers.flatten({ inputShape: [8, 8, 3] }), tf.layers.dense({ units: 3 })],
    });
    const data = await dataset({ train: { inputs, targets }, classes: 3, ...more });
    const options = { epochs: 1, batchSize: 20, engine: "eager", onNonFinite: "record" } as const;
    return (await startTraining(model, data, options).finished).warnings.filter((text) =>
      text.includes("nothing scales"),
    );
  };
  const normalisation = { mean: [120, 120, 120], std: [60, 60, 60] };
  assert.equal((await warnings(pixels)).length, 1);
  assert.equal((await warnings(pixels.div(255))).length, 0);
  assert.equal((await warnings(pixels, { normalisation })).length, 0);
});
