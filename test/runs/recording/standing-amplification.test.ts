import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { amplify } from "../../../src/amplification";
import { readRunInfo, recordTraining, startResuming } from "../../../src/runs";
import type { LayersModel } from "../../../src/tensorflow";
import { startTraining, type TrainOptions } from "../../../src/training";
import { temporaryFolder } from "../support";
import { data, newModel, numbers, weightsOf } from "./support";

const NAME = "reduction_block_1_bn_0";
const options: TrainOptions = { epochs: 3, batchSize: 20, seed: 3, engine: "eager" };

function amplified(ampFactor = 8): LayersModel {
  const model = newModel();
  amplify(model, { group: (layer) => layer.name === NAME, ampFactor });
  return model;
}

async function keepOn(model: LayersModel, folder: string, until: number | null = null) {
  return (await recordTraining(model, data, options, { folder, until })).finished;
}

test("what ga.amplify left on a model is recorded, and put on again by who goes on with nothing but the folder", async (t) => {
  const folder = temporaryFolder(t);
  const whole = amplified();
  const plain = await keepOn(whole, join(folder, "a"));
  assert.deepEqual(readRunInfo(join(folder, "a")).amplifiedBefore, [{ layer: NAME, ampFactor: 8, scope: "backprop" }]);
  assert.deepEqual(
    plain.epochs.map((row) => row.amplifiedLayers),
    [1, 1, 1],
  );
  await keepOn(amplified(), join(folder, "b"), 1);
  const { run, model } = await startResuming(join(folder, "b"), { data });
  await run.finished;
  assert.deepEqual([numbers(run), weightsOf(model)], [numbers(plain), weightsOf(whole)]);
});

test("a run goes on only with the same amplification left on its model", async (t) => {
  const folder = join(temporaryFolder(t), "a");
  await keepOn(amplified(), folder, 1);
  await assert.rejects(
    keepOn(newModel(), folder),
    /which has amplifiedBefore \[\{"layer":"reduction_block_1_bn_0".*but found null/,
  );
  await assert.rejects(keepOn(amplified(4), folder), /which has amplifiedBefore\.0\.ampFactor 8, but found 4/);
  const other = join(temporaryFolder(t), "b");
  await keepOn(newModel(), other, 1);
  await assert.rejects(keepOn(amplified(), other), /which has amplifiedBefore null, but found \[/);
  assert.equal(readRunInfo(other).amplifiedBefore, undefined);
});

test("taking it off while the model is trained is refused", async () => {
  const model = newModel();
  const left = amplify(model, { group: (layer) => layer.name === NAME, ampFactor: 8 });
  const run = startTraining(model, data, options);
  run.on("epoch", () => left.remove());
  await assert.rejects(run.finished, /Expected what ga\.amplify left on .* to stay .* changed before epoch 2/);
});
