import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dataset, type DatasetOptions, stream } from "../../src/datasets";
import { train } from "../../src/session";
import { type LayersModel, type Tensor, type Tensor1D, tf } from "../../src/tensorflow";
import { sgd, type TrainOptions } from "../../src/training";
import { lossFunction } from "../../src/training/loss";
import { uniforms } from "../support/deterministic";

const SIZE = 30;
const inputs = Array.from({ length: SIZE }, (_, at) => Array.from(uniforms(`sample ${at}`, 4)));
const labels = inputs.map(([a, b]) => (a! > 0.6 ? 2 : b! > 0.5 ? 1 : 0));
const sums = inputs.map((row) => [row[0]! + row[1]!]);
const oneHot = labels.map((label) => [0, 1, 2].map((at) => Number(at === label)));

const glorot = (seed: number) => tf.initializers.glorotUniform({ seed });
let made = 0;
const dense = (units: number, seed: number, name?: string) =>
  tf.layers.dense({ units, kernelInitializer: glorot(seed), name: `${name ?? "dense"}_${++made}` });
const one = () =>
  tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4], kernelInitializer: glorot(1) })] });
const two = () => {
  const input = tf.input({ shape: [4] });
  const hidden = dense(6, 1).apply(input);
  return tf.model({
    inputs: input,
    outputs: [dense(3, 2, "kind").apply(hidden), dense(1, 3, "sum").apply(hidden)] as never,
  });
};
const squares = (prediction: Tensor | Tensor[], target: Tensor) =>
  tf.mean(tf.square(tf.sub(prediction as Tensor, target)), -1);

type Side = DatasetOptions["train"];

/** What a training comes to: the epochs' losses and accuracies, and the weights at the end. */
async function outcome(
  make: () => LayersModel,
  samples: Side,
  options: TrainOptions = {},
  more: Partial<DatasetOptions> = {},
) {
  const data = await dataset({ train: samples, validation: samples, ...more });
  const model = make();
  const run = await train(model, data, {
    epochs: 2,
    batchSize: 8,
    optimizer: sgd({ learningRate: 0.1 }),
    ...options,
    progress: false,
  });
  const weights = model.getWeights().map((weight) => [...weight.dataSync()]);
  model.dispose();
  data.dispose();
  return { rows: run.epochs.map(({ trainLoss, trainAccuracy, validationLoss, validationAccuracy }) => [trainLoss, trainAccuracy, validationLoss, validationAccuracy]), weights }; // prettier-ignore
}

function assertClose(found: unknown, expected: unknown, tolerance = 1e-5): void {
  const [a, b] = [[found], [expected]].map((list) => list.flat(9) as (number | null)[]);
  assert.equal(a!.length, b!.length);
  a!.forEach((value, at) => assert.ok(Math.abs(value! - b![at]!) <= tolerance, `${value} beside ${b![at]}`));
}

for (const engine of ["graph", "eager"] as const)
  describe(`what a network is to give (${engine})`, () => {
    test("one-hot rows are what their labels are", async () => {
      const [a, b] = [await outcome(one, { inputs, targets: labels }, { engine }), await outcome(one, { inputs, targets: oneHot }, { engine })]; // prettier-ignore
      assertClose(b.rows, a.rows);
      assertClose(b.weights, a.weights);
    });

    test("a sample of weight 2 moves the network as the sample twice in a batch of as many", async () => {
      const twice = [...Array(SIZE).keys(), 3, 7];
      const whole: TrainOptions = { engine, epochs: 1, batchSize: 40 };
      const repeated = { inputs: twice.map((at) => inputs[at]!), targets: twice.map((at) => labels[at]!) };
      // The mean is over 32 samples there and over 30 here.
      const weights = labels.map((_, at) => ((at === 3 || at === 7 ? 2 : 1) * SIZE) / (SIZE + 2));
      const [a, b] = [
        await outcome(one, repeated, whole),
        await outcome(one, { inputs, targets: labels, weights }, whole),
      ];
      assertClose(b.weights, a.weights);
      assertClose(b.rows[0]![0], a.rows[0]![0]);
    });

    test("weights of classes are weights of their samples in training, and none in validation", async () => {
      const classWeights = [0.5, 2, 1];
      const weights = labels.map((label) => classWeights[label]!);
      const a = await outcome(one, { inputs, targets: labels }, { engine, classWeights });
      const b = await outcome(one, { inputs, targets: labels, weights }, { engine });
      assertClose(a.weights, b.weights);
      assertClose(a.rows.map(([loss]) => loss), b.rows.map(([loss]) => loss)); // prettier-ignore
      assert.notEqual(a.rows[1]![2]!.toFixed(4), b.rows[1]![2]!.toFixed(4));
      const rows = await outcome(one, { inputs, targets: oneHot }, { engine, classWeights });
      assertClose(rows.weights, a.weights);
    });

    test("balanced weights make classes count alike", async () => {
      const counts = [0, 1, 2].map((label) => labels.filter((other) => other === label).length);
      const classWeights = counts.map((count) => SIZE / (3 * count));
      const [a, b] = [
        await outcome(one, { inputs, targets: labels }, { engine, classWeights: "balanced" }),
        await outcome(one, { inputs, targets: labels }, { engine, classWeights }),
      ];
      assert.deepEqual(a, b);
    });

    test("several outputs have a loss each, added up by their weights", async () => {
      const whole: TrainOptions = { engine, epochs: 1, batchSize: SIZE };
      const samples = { inputs, severalTargets: [labels, sums] };
      const each = async (lossWeights: readonly number[]) => (await outcome(two, samples, { ...whole, loss: ["crossEntropy", squares], lossWeights })).rows[0]!; // prettier-ignore
      const [both, first, second] = [await each([1, 0.25]), await each([1, 0]), await each([0, 1])];
      assertClose(both[0], first[0]! + 0.25 * second[0]!);
      assert.equal(both[1], first[1], "the accuracy is that of the output that classifies");
      const all = (prediction: Tensor | Tensor[], target: Tensor) => {
        const [kinds, numbers] = prediction as Tensor[];
        const [labels, sums] = target as never as Tensor[];
        const entropy = tf.losses.softmaxCrossEntropy(tf.oneHot(labels as Tensor1D, 3), kinds!);
        return tf.add(entropy, tf.mul(tf.mean(squares(numbers!, sums!)), 0.25));
      };
      const own = await outcome(two, samples, { ...whole, loss: all });
      assertClose(own.rows[0]![0], both[0]);
      assert.equal(own.rows[0]![1], null);
    });

    test("losses and weights go by the outputs' names; a stream has several targets and weights, too", async () => {
      const settings = (model: LayersModel) => {
        const [kind, sum] = model.outputNames as [string, string];
        return { loss: { [sum]: squares, [kind]: "crossEntropy" as const }, lossWeights: { [sum]: 3 } };
      };
      const whole: TrainOptions = {
        engine,
        epochs: 2,
        batchSize: 30,
        optimizer: sgd({ learningRate: 0.1 }),
        validate: "never",
      };
      const weights = labels.map((_, at) => at % 3);
      const go = async (data: Parameters<typeof train>[1]) => {
        const model = two();
        const run = await train(model, data, { ...whole, ...settings(model), progress: false });
        return [
          run.epochs.map(({ trainLoss }) => trainLoss),
          ...model.getWeights().map((weight) => [...weight.dataSync()]),
        ];
      };
      const memory = await dataset({ train: { inputs, severalTargets: [labels, sums], weights } });
      const read = await stream({
        *train() {
          for (let at = 0; at < SIZE; at += 10) {
            const part = <Value>(list: readonly Value[]) => list.slice(at, at + 10);
            yield {
              inputs: part(inputs),
              targets: [tf.tensor1d(part(labels)), tf.tensor2d(part(sums))],
              weights: part(weights),
            };
          }
        },
      });
      assertClose(await go(read), await go(memory));
    });

    test("padding of a sequence changes nothing, whatever stands there", async () => {
      const steps = inputs.map((row, at) => row.map((_, step) => (at + 2 * step) % 5));
      const next = steps.map((row) => row.map((token) => (token + 1) % 5));
      const weights = steps.map((row, at) => row.map((_, step) => Number(step <= at % 4)));
      const padded = next.map((row, at) => row.map((token, step) => (weights[at]![step] ? token : 0)));
      const model = () =>
        tf.sequential({
          layers: [
            tf.layers.embedding({ inputDim: 5, outputDim: 6, inputLength: 4, embeddingsInitializer: glorot(1) }),
            tf.layers.dense({ units: 5, kernelInitializer: glorot(2) }),
          ],
        });
      const options: TrainOptions = { engine, epochs: 8, optimizer: sgd({ learningRate: 1 }) };
      const found = await outcome(model, { inputs: steps, targets: next, weights }, options);
      assert.deepEqual(await outcome(model, { inputs: steps, targets: padded, weights }, options), found);
      assert.equal(found.rows.at(-1)![3], 1, "and all that counts is learnt");
    });
  });

test("losses of sequences are the mean over what counts, samples' weights divide by the samples", () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2, 4] })] });
  const of = lossFunction(model, "crossEntropy");
  tf.tidy(() => {
    const prediction = tf.tensor3d([[[1, 2, 3], [0, 0, 0]], [[3, 1, 0], [5, 5, 6]]]); // prettier-ignore
    const target = tf.tensor2d([[2, 1], [1, 2]], undefined, "int32"); // prettier-ignore
    const each = [[1, 2, 3, 2], [0, 0, 0, 1], [3, 1, 0, 1], [5, 5, 6, 2]].map(([a, b, c, at]) => {
      const total = Math.log(Math.exp(a!) + Math.exp(b!) + Math.exp(c!));
      return total - [a!, b!, c!][at!]!;
    }); // prettier-ignore
    const [p, q, r, s] = each as [number, number, number, number];
    const value = (weights: Tensor | null) => of(prediction, target, weights);
    assertClose(value(null).loss.dataSync()[0], (p + q + r + s) / 4);
    assertClose(value(null).correct!.dataSync()[0], 1, 1e-6);
    const mask = value(tf.tensor2d([[1, 0], [1, 1]])); // prettier-ignore
    assertClose(mask.loss.dataSync()[0], (p + r + s) / 3);
    assertClose(mask.correct!.dataSync()[0], (2 * 2) / 3);
    assertClose(value(tf.tensor1d([3, 1])).loss.dataSync()[0], ((3 * (p + q)) / 2 + (r + s) / 2) / 2);
    assert.ok(Number.isFinite(value(tf.zeros([2, 2])).loss.dataSync()[0]), "a batch of padding is nothing");
  });
});

test("masks of images are moved with them, and so is what says how much their pixels count", async () => {
  const images = tf.randomUniform([6, 5, 5, 3], 0, 1, "float32", 1);
  const masks = tf.argMax(images, 3);
  const data = await dataset({
    train: { inputs: images, targets: masks, weights: tf.ones([6, 5, 5]) },
    classes: 3,
    augmentation: { pad: 1, flip: true },
  });
  assert.deepEqual(
    [data.train.targets.image, data.train.weights?.image, data.train.targets.storage],
    [true, true, "int32"],
  );
  const convolution = tf.layers.conv2d({
    filters: 3,
    kernelSize: 1,
    inputShape: [5, 5, 3],
    kernelInitializer: glorot(1),
  });
  const model = tf.sequential({ layers: [convolution] });
  const run = await train(model, data, {
    epochs: 20,
    batchSize: 6,
    optimizer: sgd({ learningRate: 2 }),
    progress: false,
  });
  assert.ok(run.epochs.at(-1)!.trainAccuracy! > 0.75, `${run.epochs.at(-1)!.trainAccuracy}`);
  data.dispose();
  const numbers = await dataset({ train: { inputs: images, targets: masks, weights: [1, 2, 3, 1, 1, 1] }, augmentation: { pad: 1, flip: true } }); // prettier-ignore
  assert.equal(numbers.train.weights?.image, false);
  numbers.dispose();
});

describe("what does not belong together is said before any work", () => {
  const cases: Record<string, [() => LayersModel, Side, TrainOptions, RegExp, Partial<DatasetOptions>?]> = {
    "two outputs and one target": [
      two,
      { inputs, targets: labels },
      {},
      /for each of 2 outputs .*has 1: pass train: \{ inputs, severalTargets/,
    ],
    "one output and two targets": [
      one,
      { inputs, severalTargets: [labels, sums] },
      {},
      /for the one output .* has 2: leave out/,
    ],
    "a single number for cross-entropy": [
      two,
      { inputs, severalTargets: [labels, sums] },
      {},
      /output sum_\d+ .* at least two classes .* found one number/,
    ],
    "several labels a sample": [
      one,
      { inputs, targets: labels.map(() => [1, 1, 0]) },
      {},
      /one-hot, or shares that sum to 1, .*off by 1/,
    ],
    "labels of steps beyond the classes": [
      () => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [4, 1] })] }),
      { inputs: inputs.map((row) => row.map((value) => [value])), targets: labels.map(() => [0, 1, 2, 0]) },
      {},
      /whole numbers from 0 to 1 for cross-entropy but found 2/,
    ],
    "a loss too few": [
      two,
      { inputs, severalTargets: [labels, sums] },
      { loss: ["crossEntropy"] },
      /an entry for each of 2 outputs .* found 1/,
    ],
    "a loss for no output": [
      two,
      { inputs, severalTargets: [labels, sums] },
      { loss: { knd: squares } },
      /loss to name outputs .* found "knd"/,
    ],
    "a loss that is none": [
      two,
      { inputs, severalTargets: [labels, sums] },
      { loss: ["crossEntropy", "mean" as never] },
      /loss\[1\]/,
    ],
    "classes without weights": [
      one,
      { inputs, targets: labels },
      { classWeights: [1, 2] },
      /a number for each of 3 classes but found 2/,
    ],
    "weights that are none": [
      one,
      { inputs, targets: labels },
      { classWeights: [1, -1, 1] },
      /classWeights\[1\] to be at least 0 but found -1/,
    ],
    "weights of classes beside a loss of one's own": [
      one,
      { inputs, targets: oneHot },
      { loss: squares, classWeights: [1, 1, 1] },
      /but found a function/,
    ],
    "weights below nothing": [
      one,
      { inputs, targets: labels, weights: labels.map((_, at) => at - 1) },
      {},
      /train\.weights to be at least 0 but found -1/,
    ],
    "weights that leave nothing": [
      one,
      { inputs, targets: labels, weights: labels.map(() => 0) },
      {},
      /above 0 for some samples/,
    ],
    "weights of others": [
      one,
      { inputs, targets: labels, weights: [1, 2] },
      {},
      /as many inputs as targets in train but found 2 and 30/,
    ],
    "weights and a loss that is a mean already": [
      one,
      { inputs, targets: oneHot, weights: labels.map(() => 1) },
      { loss: (prediction, target) => tf.mean(squares(prediction, target)) },
      /to return a loss for each sample, which samples' weights multiply/,
    ],
    "targets twice": [
      one,
      { inputs, targets: labels, severalTargets: [labels] },
      {},
      /to have targets, or severalTargets for several outputs, but not both/,
    ],
  };
  for (const [what, [make, samples, options, message, more]] of Object.entries(cases))
    test(what, () => assert.rejects(outcome(make, samples, options, more), message));

  test("balanced weights of a stream, whose labels nobody knows yet", async () => {
    const data = await stream({ train: () => [{ inputs, targets: labels }] });
    await assert.rejects(
      train(one(), data, { classWeights: "balanced", progress: false }),
      /found a stream: pass a number for each class/,
    );
    const weighed = await train(one(), data, { classWeights: [1, 2, 3], epochs: 1, progress: false });
    assert.equal(weighed.status, "finished");
    data.dispose();
  });

  test("labels of a stream's steps", async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [4, 1] })] });
    const data = await stream({ train: () => [{ inputs: inputs.map((row) => row.map((value) => [value])), targets: labels.map(() => [0, 1, 2, 0]) }] }); // prettier-ignore
    await assert.rejects(
      train(model, data, { progress: false }),
      /targets in batch 0 .* from 0 to 1 but found 2 in sample 0/,
    );
    data.dispose();
  });
});
