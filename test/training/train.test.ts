import assert from "node:assert/strict";
import { test } from "node:test";
import { stages } from "../../src/amplification";
import { dataset } from "../../src/datasets";
import { type Scalar, type Tensor, tf } from "../../src/tensorflow";
import { adam, evaluate, sgd, startTraining, type TrainOptions } from "../../src/training";
import { tinyData, tinyModel } from "../support/tiny";

const weightsOf = (model: ReturnType<typeof tinyModel>) => model.getWeights().map((weight) => [...weight.dataSync()]);
const withoutTimes = (rows: { seconds: number; imagesPerSecond: number }[]) =>
  rows.map((row) => ({ ...row, seconds: 0, imagesPerSecond: 0 }));

test("a seed fixes rows, gradients and weights; another seed changes them", async () => {
  const data = tinyData();
  const outcome = async (seed: number) => {
    const model = tinyModel();
    const run = await startTraining(model, data, { epochs: 2, batchSize: 20, seed }).finished;
    return { rows: withoutTimes(run.epochs), gradients: run.gradients, weights: weightsOf(model) };
  };
  const first = await outcome(1);
  assert.deepEqual(await outcome(1), first);
  assert.notDeepEqual((await outcome(2)).weights, first.weights);
});

test("rows count samples as the papers do: the last, smaller batch is kept and every sample counts once", async () => {
  const data = tinyData({ augmentation: null });
  const model = tinyModel();
  const seen: (number | null)[][] = [];
  // A rate so small that the weights stay: the mean over the epoch is then the mean over the split.
  const optimizer = sgd({ learningRate: 1e-20, momentum: 0 });
  const run = startTraining(model, data, { epochs: 1, batchSize: 20, optimizer });
  run.on("progress", ({ step, steps }) => seen.push([step, steps]));
  await run.finished;
  assert.deepEqual(seen.at(-1), [3, 3]);
  const reference = tf.tidy(() => {
    const images = data.train.inputs[0]!.gather(tf.range(0, 50, 1, "int32"));
    const { mean, std } = data.normalisation!;
    const logits = model.apply(
      images
        .div(255)
        .sub(tf.tensor1d([...mean]))
        .div(tf.tensor1d([...std])),
      { training: true },
    );
    return tf.losses
      .softmaxCrossEntropy(
        tf.oneHot(data.train.targets.gather(tf.range(0, 50, 1, "int32")) as never, 10),
        logits as Tensor,
      )
      .dataSync()[0]!;
  });
  // Batch norm sees batches of 20, 20 and 10 rather than 50 at once, hence the width.
  assert.ok(Math.abs(run.epochs[0]!.trainLoss - reference) < 0.02, `${run.epochs[0]!.trainLoss} against ${reference}`);
  assert.equal((run.epochs[0]!.trainAccuracy! * 50) % 1, 0);
});

test("evaluation is the mean over all samples whatever the batch size", async () => {
  const data = tinyData();
  const model = tinyModel();
  const [whole, parts] = [
    await evaluate(model, data, data.test, { batchSize: 20 }),
    await evaluate(model, data, data.test, { batchSize: 7 }),
  ];
  assert.ok(Math.abs(whole.loss - parts.loss) < 1e-5);
  assert.equal(whole.accuracy, parts.accuracy);
});

test("training leaks no tensors, within a run and over twenty runs", async () => {
  const data = tinyData();
  const model = tinyModel({ batchNorm: true });
  const train = async (options: TrainOptions) => {
    const counts: number[] = [];
    const run = startTraining(model, data, { epochs: 4, batchSize: 20, ...options });
    run.on("epoch", () => counts.push(tf.memory().numTensors));
    await run.finished;
    return counts;
  };
  const options: TrainOptions = {
    optimizer: adam(),
    amplify: { group: "bn", ampRatio: 0.5 },
    clipNorm: 1,
    measure: { statistics: ["gradientFlow", "norms", "health", "weights"], reduce: "epoch-mean" },
  };
  const before = tf.memory().numTensors;
  const counts = await train(options);
  // The first epoch makes what all use: traces, the sums of the evaluation; the last one evaluates the test split too.
  assert.equal(new Set(counts.slice(1, -1)).size, 1, `${counts}`);
  for (let again = 0; again < 19; again++) await train({ ...options, epochs: 1, measure: null });
  assert.equal(tf.memory().numTensors, before);
});

test("a run without measuring or validation does without", async () => {
  const run = await startTraining(tinyModel(), tinyData(), {
    epochs: 1,
    measure: null,
    validate: "never",
    test: "never",
  }).finished;
  assert.equal(run.gradients.length, 0);
  const { validationLoss, validationAccuracy, testLoss, testAccuracy } = run.epochs[0]!;
  assert.deepEqual([validationLoss, validationAccuracy, testLoss, testAccuracy], [null, null, null, null]);
});

test("stop() ends training at the next step boundary and keeps the complete epochs", async () => {
  const run = startTraining(tinyModel(), tinyData(), { epochs: 50, batchSize: 20 });
  run.on("progress", ({ epoch }) => {
    if (epoch === 2) run.stop();
  });
  await run.finished;
  assert.equal(run.status, "interrupted");

  assert.equal(run.epochs.length, 1);
});

test("an abort signal stops too", async () => {
  const controller = new AbortController();
  const run = startTraining(tinyModel(), tinyData(), { epochs: 50, batchSize: 20, signal: controller.signal });
  run.on("epoch", () => controller.abort());
  await run.finished;
  assert.deepEqual([run.status, run.epochs.length], ["interrupted", 1]);
});

test("stages set rate and amplification, select anew and can empty the optimizer", async () => {
  const data = tinyData();
  const model = tinyModel({ batchNorm: true });
  const plan = stages(
    [
      [1, 0.1, 0, 1],
      [2, 0.1, 0.5, 2],
      [4, 0.01, 1, 2],
    ],
    { group: "bn" },
  );
  const run = await startTraining(model, data, { stages: plan, batchSize: 50, seed: 5 }).finished;
  assert.deepEqual(
    run.epochs.map(({ epoch, learningRate, amplifiedLayers }) => [epoch, learningRate, amplifiedLayers]),
    [
      [1, 0.1, 0],
      [2, 0.1, 3],
      [3, 0.01, 7],
      [4, 0.01, 7],
    ],
  );
  assert.deepEqual(run.stages.map(({ epoch, groupSize }) => [epoch, groupSize]), [[1, 0], [2, 7], [3, 7]]); // prettier-ignore
  assert.ok(model.layers.every((layer) => !Object.hasOwn(layer, "call")));
});

test("resetOptimizer empties the momentum at each stage", async () => {
  const data = tinyData({ augmentation: null });
  const trained = async (resetOptimizer: boolean) => {
    const model = tinyModel();
    const plan = stages([[1, 0.05, 0, 1], [2, 0.05, 0, 1]], { resetOptimizer }); // prettier-ignore
    await startTraining(model, data, { stages: plan, batchSize: 25 }).finished;
    return weightsOf(model);
  };
  const twice = async () => {
    const model = tinyModel();
    const optimizer = sgd({ learningRate: 0.05 });
    // One run of two epochs keeps its momentum.
    await startTraining(model, data, { epochs: 2, batchSize: 25, optimizer }).finished;
    return weightsOf(model);
  };
  const [kept, emptied, one] = [await trained(false), await trained(true), await twice()];
  assert.deepEqual(kept, one);
  assert.notDeepEqual(emptied, kept);
});

test("any loss, any tf.train optimizer: a regression on a model of the user's own", async () => {
  const x = Array.from({ length: 64 }, (_, index) => [index / 32 - 1, (index % 8) / 4 - 1]);
  const data = await dataset({ train: { inputs: x, targets: x.map(([a, b]) => [2 * a! - b!]) }, classes: null });
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
  const run = await startTraining(model, data, {
    epochs: 60,
    batchSize: 16,
    optimizer: tf.train.sgd(0.1),
    loss: (prediction, target) => tf.losses.meanSquaredError(target, prediction as Tensor) as Scalar,
  }).finished;
  assert.ok(run.epochs.at(-1)!.trainLoss < 1e-3, `${run.epochs.at(-1)!.trainLoss}`);
  assert.equal(run.epochs[0]!.trainAccuracy, null);
  const [slope] = weightsOf(model as never);
  assert.ok(Math.abs(slope![0]! - 2) < 0.05 && Math.abs(slope![1]! + 1) < 0.05, `${slope}`);
});

test("a model that ends in a softmax gets the same loss as its logits", async () => {
  const data = tinyData();
  const logits = tinyModel();
  const output = tf.layers.softmax().apply(logits.outputs[0]!) as never;
  const probabilities = tf.model({ inputs: logits.inputs, outputs: output });
  const [a, b] = [await evaluate(logits, data, data.test), await evaluate(probabilities, data, data.test)];
  assert.ok(Math.abs(a.loss - b.loss) < 1e-5, `${a.loss} ${b.loss}`);
  assert.equal(a.accuracy, b.accuracy);
});

test("Adam with amplification warns once; SGD does not", async () => {
  const data = tinyData();
  const warnings = async (options: TrainOptions) =>
    (await startTraining(tinyModel(), data, { epochs: 1, amplify: { group: "relu" }, ...options }).finished).warnings;
  assert.equal((await warnings({ optimizer: adam() })).filter((text) => text.includes("amplif")).length, 1);
  assert.equal((await warnings({ optimizer: sgd({ learningRate: 1e-4 }) })).length, 0);
});

test("what makes no sense is refused before any work, with the value and the remedy", () => {
  const data = tinyData();
  const plan = stages([[2, 0.1, 0, 1]]);
  const rows: [options: TrainOptions, name: string, message: RegExp][] = [
    [{ epochs: 0 }, "RangeError", /epochs to be a whole number above 0 but found 0/],
    [{ batchSize: 1.5 }, "RangeError", /batchSize.*1\.5/],
    [{ seed: 0.5 }, "RangeError", /seed.*0\.5/],
    [{ clipNorm: -1 }, "RangeError", /clipNorm.*-1/],
    [{ stages: plan, epochs: 3 }, "TypeError", /both/],
    [{ stages: plan, amplify: { group: "relu" } }, "TypeError", /both/],
    [{ stages: plan, optimizer: sgd({ learningRate: 0.1 }) }, "TypeError", /leave learningRate out/],
    [{ stages: plan, optimizer: tf.train.sgd(0.1) }, "TypeError", /tf\.train\.SGD/],
    [{ amplify: { group: "relu", ampRatio: 2 } }, "RangeError", /\[0, 1\] but found 2/],
    [{ measure: { statistics: ["gradients" as never] } }, "RangeError", /gradientFlow.*"gradients"/],
    [
      { loss: "mse" },
      "TypeError",
      /targets of shape \[size, 10\].* for the mean squared error but data set embedded has \[size\]/,
    ],
    [{ loss: "msee" as never }, "TypeError", /"msee": did you mean "mse"\?/],
  ];
  for (const [options, name, message] of rows) {
    assert.throws(() => startTraining(tinyModel(), data, options), { name, message });
  }
  const promised = Promise.resolve(data) as unknown as typeof data;
  assert.throws(() => startTraining(tinyModel(), promised), { name: "TypeError", message: /a Promise: await it/ });
  assert.throws(() => startTraining(tinyModel(), [1] as never), { name: "TypeError", message: /a data set.*\[ 1 \]/ });
  const twenty = tf.sequential({
    layers: [tf.layers.flatten({ inputShape: [32, 32, 3] }), tf.layers.dense({ units: 20 })],
  });
  assert.throws(() => startTraining(twenty, data), {
    name: "RangeError",
    message: /10 outputs.*but found 20.*classes: 10/,
  });
  const small = tf.sequential({
    layers: [tf.layers.flatten({ inputShape: [16, 16, 3] }), tf.layers.dense({ units: 10 })],
  });
  assert.throws(() => startTraining(small, data), { name: "TypeError", message: /16, 16, 3.*32, 32, 3/ });
});
