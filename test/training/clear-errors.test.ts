import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { cifar10, type Dataset, dataset, type Samples } from "../../src/datasets";
import { type LayersModel, tf } from "../../src/tensorflow";
import { evaluate, predict, startTraining, type TrainOptions } from "../../src/training";

const L = tf.layers;
const labels = Array.from({ length: 12 }, (_, at) => at % 3);
const rows = labels.map((label, at) => [label, at % 2, 1, at]);
const net = (trainable = true) => {
  const first = L.dense({ units: 6, inputShape: [4] });
  first.trainable = trainable;
  return tf.sequential({ layers: [first, L.dense({ units: 3 })] });
};
const samples = (inputs: Samples = rows) => dataset({ train: { inputs, targets: labels } });
const train = (model: LayersModel, data: Dataset, options: TrainOptions = {}) =>
  startTraining(model, data, { epochs: 1, batchSize: 6, measure: null, ...options }).finished;
const begin = async (model: LayersModel, data: Dataset | Promise<Dataset>) => train(model, await data);

describe("errors say what was expected, what was found and what to do", () => {
  test("numbers that an embedding has no vectors for: input, layer and sample", async () => {
    const tokens = () =>
      tf.sequential({ layers: [L.embedding({ inputDim: 10, outputDim: 2, inputLength: 4, name: "words" }), L.flatten(), L.dense({ units: 3 })] }); // prettier-ignore
    const bad = (value: number) => rows.map((_, at) => (at === 5 ? [1, value, 2, 3] : [1, 2, 3, 9]));
    for (const value of [10, -1, 1.5])
      await assert.rejects(begin(tokens(), samples(bad(value))), {
        name: "RangeError",
        message: `Expected the inputs of train to hold whole numbers from 0 to 9, which layer words has vectors for (inputDim: 10), but found ${value} in sample 5: raise inputDim, or number from 0`,
      });
    assert.equal((await begin(tokens(), samples(bad(9)))).status, "finished");
    const validation = { inputs: bad(12), targets: labels };
    const held = await dataset({ train: { inputs: bad(9), targets: labels }, validation });
    await assert.rejects(begin(tokens(), held), /the inputs of validation to hold .* but found 12 in sample 5/);
    // Behind a reshape, in a nested model, as the second of two inputs; int32.
    const [image, words] = [tf.input({ shape: [3] }), tf.input({ shape: [2, 2] })];
    const nested = tf.sequential({ layers: [L.reshape({ targetShape: [4], inputShape: [2, 2] }), L.embedding({ inputDim: 10, outputDim: 2, name: "inner" }), L.flatten()] }); // prettier-ignore
    const joined = L.concatenate().apply([image, nested.apply(words) as typeof words]);
    const two = tf.model({ inputs: [image, words], outputs: L.dense({ units: 3 }).apply(joined) as typeof words });
    const several = [tf.ones([12, 3]), tf.tensor(bad(11).flat(), [12, 2, 2], "int32")];
    const both = await dataset({ train: { several, targets: labels } });
    await assert.rejects(begin(two, both), /input 1 of train .* layer inner .* but found 11 in sample 5/);
  });

  test("a tf.train optimizer that keeps moments of other weights, or is at work", async () => {
    const data = await samples();
    const other = /to have been used for the \d weights .* but it keeps moments of \d? ?others: make a new optimizer/;
    for (const make of [() => tf.train.adam(0.01), () => tf.train.momentum(0.1, 0.9), () => tf.train.rmsprop(0.01)]) {
      const optimizer = make();
      const model = net(false);
      await train(model, data, { optimizer });
      assert.equal((await train(model, data, { optimizer })).status, "finished");
      model.layers[0]!.trainable = true;
      await assert.rejects(train(model, data, { optimizer }), other);
      // Another network of the same shapes, to which tfjs would give the moments without a word.
      await assert.rejects(train(net(false), data, { optimizer }), other);
    }
    const optimizer = tf.train.adam(0.01);
    const [first, second] = await Promise.allSettled([
      train(net(), data, { optimizer }),
      train(net(), data, { optimizer }),
    ]);
    assert.equal(first.status, "fulfilled");
    assert.match(String((second as PromiseRejectedResult).reason), /one training at a time/);
    const plain = tf.train.sgd(0.1);
    for (const model of [net(), net()])
      assert.equal((await train(model, data, { optimizer: plain })).status, "finished");
    // As tfjs's own fit has left it.
    const fitted = net();
    fitted.compile({ optimizer: tf.train.adam(0.01), loss: "meanSquaredError" });
    await fitted.fit(tf.ones([6, 4]), tf.ones([6, 3]), { verbose: 0 });
    assert.equal((await train(fitted, data, { optimizer: fitted.optimizer })).status, "finished");
    const wider = tf.sequential({ layers: [L.dense({ units: 3, inputShape: [4] })] });
    await assert.rejects(train(wider, data, { optimizer: fitted.optimizer }), other);
  });

  test("one-hot rows as targets", async () => {
    const oneHot = tf.oneHot(tf.tensor1d(labels, "int32"), 3);
    for (const classes of [undefined, null, 3]) {
      const data = await dataset({
        train: { inputs: rows, targets: oneHot },
        ...(classes === undefined ? {} : { classes }),
      });
      assert.equal((await train(net(), data)).status, "finished");
      data.dispose();
    }
    const several = await dataset({ train: { inputs: rows, targets: tf.ones([rows.length, 3]) } });
    await assert.rejects(async () => train(net(), several), /one-hot, or shares that sum to 1, .*\(off by 2\)/);
  });

  test("a data set that was disposed of", async () => {
    const data = await dataset({ train: { inputs: rows, targets: labels }, test: { inputs: rows, targets: labels } });
    data.dispose();
    const gone = { name: "Error", message: /data set dataset to hold samples but it was disposed of: make it anew/ };
    await assert.rejects(async () => train(net(), data), gone);
    await assert.rejects(evaluate(net(), data, data.test), gone);
    await assert.rejects(predict(net(), data, data.test), gone);
  });

  test("CIFAR's folder, one off: where it is and what to pass; a share of images", async () => {
    const root = mkdtempSync(join(tmpdir(), "gradamp-off-"));
    const folder = join(root, "sets", "cifar-10-batches-bin");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "data_batch_1.bin"), "");
    const found = new RegExp(`it is in ${folder}, so pass dir: "${join(root, "sets")}"`);
    for (const dir of [folder, join(root, "sets", "cifar-10"), join(root, "sets", "data")])
      await assert.rejects(cifar10({ dir }), found);
    await assert.rejects(
      cifar10({ dir: "/nowhere/cifar-10-batches-bin" }),
      /the folder above cifar-10-batches-bin: \/nowhere$/,
    );
    const share = {
      name: "RangeError",
      message: /number of images but found the share 0.1: of the 50,000 that are 5000/,
    };
    await assert.rejects(cifar10({ dir: root, split: { validation: 0.1 } }), share);
  });
});
