import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluationBatch } from "../../src/datasets";
import { type Tensor, tf } from "../../src/tensorflow";
import { predict } from "../../src/training";
import { tinyData, tinyModel } from "../support/tiny";

test("predictions are the model's outputs, sample by sample, whatever the batch size", async () => {
  const data = tinyData();
  const model = tinyModel({ batchNorm: true });
  const expected = tf.tidy(() => {
    const { inputs } = evaluationBatch(data, data.test!, tf.range(0, 20, 1, "int32"));
    return (model.predict(inputs[0]!) as Tensor).dataSync();
  });
  const before = tf.memory().numTensors;
  for (const batchSize of [7, 20, 250]) {
    const seen: number[] = [];
    const found = (await predict(model, data, data.test, {
      batchSize,
      onProgress: (done) => seen.push(done),
    })) as Tensor;
    assert.deepEqual(found.shape, [20, 10]);
    assert.equal(seen.at(-1), 20);
    found.dataSync().forEach((value, at) => assert.ok(Math.abs(value - expected[at]!) < 1e-5));
    found.dispose();
  }
  assert.equal(tf.memory().numTensors, before);
});

test("predict says what is wrong", async () => {
  const data = tinyData({ test: 0 });
  await assert.rejects(predict(tinyModel(), data, null), /Expected a split of data set/);
  await assert.rejects(
    predict(tinyModel(), data, data.train, { batchSize: 0 }),
    /batchSize to be a whole number above 0/,
  );
});
