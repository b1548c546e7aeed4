import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { dataset, type DatasetOptions } from "../../../src/datasets";
import { recordTraining } from "../../../src/runs";
import { train } from "../../../src/session";
import { type Tensor, tf } from "../../../src/tensorflow";
import { adam, type TrainOptions } from "../../../src/training";
import { smallSamples } from "../../support/small-samples";

const root = mkdtempSync(join(tmpdir(), "gradamp-augment-"));
after(() => rmSync(root, { recursive: true }));

const glorot = (seed: number) => tf.initializers.glorotUniform({ seed });
const network = () =>
  tf.sequential({
    layers: [
      tf.layers.conv2d({
        filters: 4,
        kernelSize: 3,
        inputShape: [8, 8, 3],
        activation: "relu",
        kernelInitializer: glorot(1),
      }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dropout({ rate: 0.2 }),
      tf.layers.dense({ units: 3, kernelInitializer: glorot(2) }),
    ],
  });
const mirror = (inputs: Tensor | Tensor[]) => {
  const images = inputs as Tensor;
  const chosen = tf.less(tf.randomUniform([images.shape[0]!, 1, 1, 1]), 0.5);
  return tf.where(tf.tile(chosen, [1, 8, 8, 3]), tf.reverse(images, 2), images);
};

async function outcome(options: TrainOptions, save: string | null = null) {
  const data = await smallSamples();
  const model = network();
  const run = await train(model, data, { epochs: 2, batchSize: 6, seed: 2, optimizer: adam({ learningRate: 0.01 }), ...options, save, progress: false }); // prettier-ignore
  const weights = model.getWeights().map((weight) => [...weight.dataSync()]);
  model.dispose();
  data.dispose();
  return { losses: run.epochs.map(({ trainLoss }) => trainLoss), weights, described: run.options["augment"] };
}

const ALL = ["mixup", { name: "cutout", size: 3 }, "randomErase", "colourJitter", mirror] as const;

test("augmentations do the same on both engines, each changes what is trained, and a seed decides them", async () => {
  const plain = await outcome({});
  for (const augment of [...ALL, ALL]) {
    const found = await outcome({ augment });
    assert.deepEqual(await outcome({ augment, engine: "eager" }), found);
    assert.notDeepEqual(found.losses, plain.losses);
    assert.notDeepEqual((await outcome({ augment, seed: 3 })).losses, found.losses);
  }
});

test("a run with augmentations goes on where it was stopped, and its record names them", async () => {
  const augment = ALL.slice(0, 4);
  const expected = await outcome({ augment, epochs: 3 });
  const [data, folder] = [await smallSamples(), join(root, "run")];
  const options: TrainOptions = { augment, epochs: 3, batchSize: 6, seed: 2, optimizer: adam({ learningRate: 0.01 }) };
  const run = await recordTraining(network(), data, options, { folder });
  run.on("epoch", ({ row }) => row.epoch === 1 && run.stop());
  await run.finished;
  data.dispose();
  assert.deepEqual(await outcome({ augment, epochs: 3 }, folder), expected);
  assert.deepEqual(expected.described, [
    { name: "mixup", alpha: 0.2 },
    { name: "cutout", size: 3 },
    { name: "randomErase", probability: 0.5 },
    { name: "colourJitter", brightness: 0.4, contrast: 0.4, saturation: 0.4 },
  ]);
});

describe("what cannot be augmented so is said before any work, or at the first step", () => {
  const images = { inputs: tf.ones([4, 8, 8, 3]), targets: [0, 1, 2, 0] };
  const rows = { inputs: [[1, 2], [3, 4]], targets: [0, 1] }; // prettier-ignore
  const dense = () => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] });
  const squares = (prediction: Tensor | Tensor[]) => tf.mean(tf.square(prediction as Tensor));
  const masks = { inputs: tf.ones([4, 8, 8, 3]), targets: tf.zeros([4, 8, 8], "int32") };
  const convolution = () =>
    tf.sequential({ layers: [tf.layers.conv2d({ filters: 3, kernelSize: 1, inputShape: [8, 8, 3] })] });
  const cases: Record<string, [() => ReturnType<typeof network>, DatasetOptions["train"], TrainOptions, RegExp]> = {
    "no images": [dense, rows, { augment: "cutout" }, /Expected images .* for augment cutout but found \[2\]/],
    "labels for a loss of one's own": [
      network,
      images,
      { augment: "mixup", loss: squares },
      /for mixup, .* pass one-hot rows/,
    ],
    "weights of samples": [
      network,
      { ...images, weights: [1, 2, 1, 1] },
      { augment: ["mixup"] },
      /mixup, which mixes them, but found weights/,
    ],
    "a name that there is none of": [network, images, { augment: "mixupp" as never }, /did you mean "mixup"/],
    "a setting that there is none of": [
      network,
      images,
      { augment: { name: "cutout", sise: 3 } as never },
      /augment\.sise: did you mean size/,
    ],
    "a value that makes no sense": [
      network,
      images,
      { augment: { name: "mixup", alpha: 0 } },
      /alpha to lie in \[0\.05, 100\] but found 0/,
    ],
    "a number": [network, images, { augment: 7 as never }, /augment to be one of mixup, .* but found 7/],
    "an asynchronous function": [network, images, { augment: (async () => tf.zeros([1])) as never }, /without async/],
    "other shapes": [
      network,
      images,
      { augment: (inputs) => tf.slice(inputs as Tensor, [0, 1, 0, 0]) },
      /inputs of augment to have the shape \[4, 8, 8, 3\] but found \[4, 7, 8, 3\]/,
    ],
    "numbers in place of tensors": [
      network,
      images,
      { augment: (() => 5) as never },
      /inputs of augment to be tensors but found number/,
    ],
    "inputs moved without targets that are images": [
      convolution,
      masks,
      { augment: mirror },
      /augment mirror to return \{ inputs, targets \}, since the targets are images/,
    ],
    "a function that fails": [network, images, { augment: () => { throw new Error("not today"); } }, /Augment: not today/], // prettier-ignore
  };
  for (const [what, [make, samples, options, message]] of Object.entries(cases))
    test(what, async () => {
      const data = await dataset({ train: samples });
      await assert.rejects(train(make(), data, { epochs: 1, progress: false, ...options }), message);
      data.dispose();
    });

  test("masks are moved by a function that returns them, and mixed into shares", async () => {
    const data = await dataset({ train: masks });
    const both = (inputs: Tensor | Tensor[], targets: Tensor | Tensor[]) => ({
      inputs: tf.reverse(inputs as Tensor, 2),
      targets: tf.reverse(targets as Tensor, 2),
    });
    const run = await train(convolution(), data, { epochs: 1, progress: false, augment: [both, "mixup"] });
    assert.equal(run.status, "finished");
    data.dispose();
  });
});
