import assert from "node:assert/strict";
import { test } from "node:test";
import { dataset, epochPlan, evaluationBatch, trainingBatch } from "../../src/datasets";
import type { DatasetOptions } from "../../src/datasets/dataset";
import { tf } from "../../src/tensorflow";

const features = [
  [0, 1],
  [2, 3],
  [4, 5],
  [6, 7],
];
const labels = [0, 1, 1, 0];

test("nested arrays of any rank become columns, whole numbers labels", async () => {
  const data = await dataset({
    train: { inputs: features, targets: labels },
    test: { inputs: [[8, 9]], targets: [1] },
  });
  assert.deepEqual([data.classes, data.classNames, data.train.size, data.test!.size], [2, null, 4, 1]);
  assert.deepEqual([data.train.inputs[0]!.sampleShape, data.train.targets.storage], [[2], "int32"]);
  const plan = tf.tensor2d(epochPlan(4, { seed: 1, epoch: 1, augmentation: null, shuffle: false }), [4, 4], "int32");
  const { inputs, targets } = trainingBatch(data, plan, tf.tensor1d([2, 0], "int32"));
  assert.deepEqual(
    [inputs[0]!.arraySync(), targets.arraySync(), targets.dtype],
    [
      [
        [4, 5],
        [0, 1],
      ],
      [1, 0],
      "int32",
    ],
  );
  data.dispose();
});

test("several inputs, float targets and normalised features go through", async () => {
  const data = await dataset({
    train: { several: [features, [[1], [2], [3], [4]]], targets: [[0.5], [1.5], [2.5], [3.5]] },
    normalisation: { mean: [1, 2], std: [2, 4] },
  });
  assert.equal(data.classes, null);
  const { inputs, targets } = evaluationBatch(data, data.train, tf.tensor1d([3], "int32"));
  assert.deepEqual(
    inputs.map((input) => input.arraySync()),
    [[[2.5, 1.25]], [[4]]],
  );
  assert.deepEqual(targets.arraySync(), [[3.5]]);
  data.dispose();
});

test("images of 8-bit pixels are held as bytes, shared out divided by 255, and held out with their labels", async () => {
  const values = Uint8Array.from({ length: 20 * 12 }, (_, i) => Math.floor(i / 12));
  const targets = Array.from({ length: 20 }, (_, i) => Math.floor(i / 10));
  const data = await dataset({
    train: { inputs: { values, sampleShape: [2, 2, 3] }, targets },
    validationFraction: 0.2,
    classNames: ["low", "high"],
    augmentation: { pad: 1, flip: true },
  });
  assert.equal(data.train.inputs[0]!.storage, "uint8");
  assert.deepEqual([data.train.size, data.validation!.size], [16, 4]);
  const { inputs, targets: held } = evaluationBatch(data, data.validation!, tf.range(0, 4, 1, "int32"));
  const places = (inputs[0]!.arraySync() as number[][][][]).map((image) => Math.round(image[0]![0]![0]! * 255));
  assert.deepEqual(held.arraySync(), [0, 0, 1, 1]);
  assert.deepEqual(
    places.map((place) => Math.floor(place / 10)),
    [0, 0, 1, 1],
  );
  data.dispose();
});

test("tensors that were passed in stay the caller's, and disposing frees the rest", async () => {
  const inputs = tf.tensor2d(features);
  const targets = tf.tensor1d(labels, "int32");
  const before = tf.memory().numTensors;
  const data = await dataset({ train: { inputs, targets }, validationFraction: 0.5 });
  assert.equal(tf.memory().numTensors, before + 4);
  data.dispose();
  assert.equal(tf.memory().numTensors, before);
  assert.deepEqual(inputs.arraySync(), features);
  tf.dispose([inputs, targets]);
});

const train = { inputs: features, targets: labels };
const wrong: [string, DatasetOptions, string, RegExp][] = [
  [
    "too few targets",
    { train: { inputs: features, targets: [0, 1] } },
    "TypeError",
    /as many inputs as targets in train but found 4 and 2/,
  ],
  [
    "a label out of range",
    { train, classes: 1 },
    "RangeError",
    /train.targets to be whole numbers from 0 to 0 but found 1/,
  ],
  ["a negative label", { train: { inputs: features, targets: [0, -1, 0, 0] }, classes: 2 }, "RangeError", /found -1/],
  ["a broken label", { train: { inputs: features, targets: [0, 0.5, 0, 0] }, classes: 2 }, "RangeError", /found 0.5/],
  [
    "a label of the test split beyond",
    { train, test: { inputs: [[1, 2]], targets: [7] }, classes: 2 },
    "RangeError",
    /test.targets .* found 7/,
  ],
  [
    "labels in rows",
    { train: { inputs: features, targets: features }, classes: 2 },
    "RangeError",
    /from 0 to 1 but found 2/,
  ],
  [
    "NaN",
    {
      train: {
        inputs: [
          [0, 1],
          [2, NaN],
        ],
        targets: [0, 1],
      },
    },
    "RangeError",
    /train.inputs to hold finite numbers but found NaN in sample 1/,
  ],
  ["no samples", { train: { inputs: [], targets: [] } }, "RangeError", /to hold samples but found the shape \[0\]/],
  [
    "ragged arrays",
    { train: { inputs: [[1, 2], [3]], targets: [0, 1] } },
    "TypeError",
    /train.inputs to be a tensor or nested arrays/,
  ],
  ["text", { train: { inputs: ["a", "b"], targets: [0, 1] } }, "TypeError", /found string/],
  ["no targets", { train: { inputs: features } as unknown as typeof train }, "TypeError", /train to have targets/],
  ["both kinds of inputs", { train: { ...train, several: [features] } }, "TypeError", /either inputs or several/],
  [
    "other shapes in the test",
    { train, test: { inputs: [[1]], targets: [0] } },
    "TypeError",
    /test to have the shapes of train, \[2\] \[\], but found \[1\] \[\]/,
  ],
  [
    "half a sample",
    { train: { inputs: { values: new Float32Array(5), sampleShape: [2] }, targets: [0] } },
    "RangeError",
    /whole samples of 2 numbers \(\[2\]\) but found 5/,
  ],
  ["too few names", { train, classNames: ["one"] }, "RangeError", /a name for each of 2 classes but found 1/],
  [
    "cuts of what is no image",
    { train, augmentation: { pad: 4, flip: true } },
    "TypeError",
    /to augment but found \[2\]/,
  ],
  [
    "constants for other channels",
    { train, normalisation: { mean: [0, 0, 0], std: [1, 1, 1] } },
    "TypeError",
    /3 channels/,
  ],
  [
    "a deviation of 0",
    { train, normalisation: { mean: [0, 0], std: [1, 0] } },
    "RangeError",
    /normalisation\.std\[1\] to be above 0 but found 0/,
  ],
  [
    "an unknown option",
    { train, validationFration: 0.1 } as never,
    "TypeError",
    /validationFration: did you mean validationFraction/,
  ],
  ["an unknown part of a split", { train: { ...train, label: [1] } } as never, "TypeError", /train.label/],
  [
    "a share as text",
    { train, validationFraction: "0.5" } as never,
    "TypeError",
    /to lie between 0 and 1 but found "0\.5"/,
  ],
  ["a seed that is none", { train, seed: 0.5 } as never, "RangeError", /seed to be an integer but found 0.5/],
  ["a share of 1", { train, validationFraction: 1 }, "RangeError", /between 0 and 1 but found 1/],
  ["a share of nothing", { train, validationFraction: 0.01 }, "RangeError", /hold out some of 4 samples/],
  ["two ways to validate", { train, validation: train, validationFraction: 0.5 }, "TypeError", /found both/],
];
for (const [what, options, name, message] of wrong)
  test(`${what}: ${name}, and no tensor is left`, async () => {
    const before = tf.memory().numTensors;
    await assert.rejects(dataset(options), { name, message });
    assert.equal(tf.memory().numTensors, before);
  });
