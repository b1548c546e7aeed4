import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import {
  type BatchStream,
  type Dataset,
  evaluationBatch,
  imageFolder,
  stream,
  trainingBatch,
  type TrainingData,
} from "../../src/datasets";
import { fingerprint } from "../../src/datasets/fingerprint";
import { recordTraining } from "../../src/runs";
import { train } from "../../src/session";
import { type LayersModel, type Tensor, tf } from "../../src/tensorflow";
import { adam, evaluate, predict, sgd, startTraining, type TrainOptions } from "../../src/training";
import { uniforms } from "../support/deterministic";
import { writeImageFolder } from "../support/image-folder";

const root = mkdtempSync(join(tmpdir(), "gradamp-streams-"));
const folder = join(root, "images");
before(() => writeImageFolder(folder, [30, 20, 25], (image) => (image % 2 ? [8, 8] : [16, 12])));
after(() => rmSync(root, { recursive: true }));

const glorot = (seed: number) => tf.initializers.glorotUniform({ seed });
const dense = () =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 8, inputShape: [4], activation: "relu", kernelInitializer: glorot(1) }),
      tf.layers.dense({ units: 3, kernelInitializer: glorot(2) }),
    ],
  });
const convolutional = () =>
  tf.sequential({
    layers: [
      tf.layers.conv2d({
        filters: 4,
        kernelSize: 3,
        inputShape: [8, 8, 3],
        useBias: false,
        kernelInitializer: glorot(1),
      }),
      tf.layers.batchNormalization({}),
      tf.layers.reLU({}),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: 3, kernelInitializer: glorot(2) }),
    ],
  });

const SIZE = 47;
const inputs = Array.from({ length: SIZE }, (_, at) => Array.from(uniforms(`sample ${at}`, 4)));
const targets = inputs.map(([a, b]) => (a! > 0.6 ? 2 : b! > 0.5 ? 1 : 0));
const samples = (first: number, last: number) => ({
  inputs: inputs.slice(first, last),
  targets: targets.slice(first, last),
});

/** Batches of 10 in the data's order. */
async function* batches() {
  for (let at = 0; at < SIZE; at += 10) yield await Promise.resolve(samples(at, at + 10));
}
/** The same in an order that the epoch decides. */
async function* turned({ epoch }: { epoch: number }) {
  for (let at = 0; at < SIZE; at += 10) {
    const { inputs, targets } = samples(at, at + 10);
    const by = epoch % inputs.length;
    const turn = <T>(list: T[]) => [...list.slice(by), ...list.slice(0, by)];
    yield await Promise.resolve({ inputs: tf.tensor2d(turn(inputs)), targets: tf.tensor1d(turn(targets), "int32") });
  }
}
const zipped = () => tf.data.zip({ xs: tf.data.array(inputs), ys: tf.data.array(targets) });

type Given = TrainingData | BatchStream;

/** What a training comes to, in numbers that can be compared. */
async function outcome(make: () => LayersModel, given: Given, options: TrainOptions, save: string | null = null) {
  const model = make();
  const run = await train(model, given, {
    seed: 4,
    optimizer: adam({ learningRate: 0.02 }),
    ...options,
    progress: false,
    save,
  });
  const weights = model.getWeights().map((weight) => [...weight.dataSync()]);
  model.dispose();
  const rows = run.epochs.map(({ seconds: _, imagesPerSecond: __, ...row }) => row);
  // tfjs numbers layers on from model to model.
  const gradients = run.gradients.map((row) => ({ ...row, layer: "" }));
  return { status: run.status, rows, gradients, weights };
}

for (const engine of ["graph", "eager"] as const)
  test(`a folder that is decoded on the way trains to the bits of one in memory (${engine})`, async () => {
    const before = tf.memory().numTensors;
    const augmentation = { pad: 1, flip: true };
    const options: TrainOptions = {
      engine,
      epochs: 2,
      batchSize: 1,
      test: "epoch",
      amplify: { group: "relu" },
      measure: { every: 7 },
    };
    const found = [];
    for (const lazy of [false, true]) {
      const data = await imageFolder(folder, {
        size: [8, 8],
        validationFraction: 0.2,
        testFraction: 0.1,
        augmentation,
        lazy,
      });
      assert.equal(data.train.size, 52, "more than one part, of 32 steps at most");
      found.push(await outcome(convolutional, data, options));
      data.dispose();
    }
    assert.deepEqual(found[1], found[0]);
    assert.ok(found[0]!.gradients.length > 0);
    assert.equal(tf.memory().numTensors, before);
  });

describe("batches of a user's own", () => {
  const forms: Record<string, () => Given> = {
    "a function that makes a generator": () => batches,
    "one that makes a synchronous one": () =>
      function* () {
        yield samples(0, 10);
        yield [samples(10, 20).inputs, samples(10, 20).targets];
        yield { xs: tf.tensor2d(samples(20, SIZE).inputs), ys: tf.tensor1d(samples(20, SIZE).targets) };
      },
    "one that makes a tf.data.Dataset": () => () => Promise.resolve(zipped().batch(10)),
    "a tf.data.Dataset": () => zipped().batch(10),
    "a list": () => [samples(0, 10), samples(10, SIZE)],
  };
  for (const [what, given] of Object.entries(forms))
    test(`${what} trains as the same samples in memory do, on both engines`, async () => {
      const whole = await stream({ train: () => [samples(0, SIZE)] });
      const [one] = [await outcome(dense, whole, { epochs: 2, batchSize: 10 })];
      for (const engine of ["graph", "eager"] as const)
        assert.deepEqual(await outcome(dense, given(), { epochs: 2, batchSize: 10, engine }), one);
      whole.dispose();
    });

  test("the first batch's size is that of a step, unless another is asked for", async () => {
    const steps = async (options: TrainOptions) => {
      const data = await stream({ train: batches });
      const run = startTraining(dense(), data, { epochs: 2, ...options });
      const seen: (number | null)[][] = [];
      run.on("progress", ({ step, steps }) => seen.push([step, steps]));
      await run.finished;
      data.dispose();
      return seen.at(-1);
    };
    assert.deepEqual(await steps({}), [5, 5]);
    assert.deepEqual(await steps({ batchSize: 16 }), [3, 3]);
  });

  test("as long as nobody knows how long an epoch is, nothing is said of it", async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const data = await stream({
      async *train({ epoch }) {
        for (let at = 0; at < SIZE; at++) {
          if (at === 40 && epoch === 1) await gate;
          yield samples(at, at + 1);
        }
      },
    });
    const run = startTraining(dense(), data, { epochs: 2, batchSize: 1 });
    const seen: unknown[][] = [];
    run.on("progress", ({ steps, etaSeconds }) => {
      seen.push([steps, etaSeconds === null]);
      release();
    });
    await run.finished;
    assert.deepEqual([seen[0], seen.at(-1)], [[null, true], [SIZE, false]]); // prettier-ignore
    data.dispose();
  });

  test("validation and test are streams, too, or lie in memory; evaluate and predict take either", async () => {
    const made = await stream({ train: batches, validation: batches, test: samples(0, SIZE) });
    const { rows } = await outcome(dense, made, { epochs: 2, test: "epoch" });
    assert.equal(rows[1]!.validationLoss!.toFixed(6), rows[1]!.testLoss!.toFixed(6));
    assert.equal(rows[1]!.validationAccuracy, rows[1]!.testAccuracy);
    const model = dense();
    const scores = [await evaluate(model, made, made.validation), await evaluate(model, made, made.test)];
    assert.equal(scores[0]!.accuracy, scores[1]!.accuracy);
    const outputs: Tensor[] = [];
    for (const split of [made.train, made.validation, made.test]) outputs.push((await predict(model, made, split, { batchSize: 9 })) as Tensor); // prettier-ignore
    assert.deepEqual(outputs[0]!.shape, [SIZE, 3]);
    outputs.forEach((output) => assert.deepEqual(output.arraySync(), outputs[0]!.arraySync()));
    tf.dispose(outputs);
    made.dispose();
  });

  const stopped: Record<string, () => BatchStream> = {
    "a generator that shuffles by the epoch": () => turned,
    "a shuffled tf.data.Dataset with a seed": () => zipped().shuffle(20, "7").batch(10),
  };
  for (const [what, given] of Object.entries(stopped))
    for (const shuffle of [0, 15])
      test(`${what}${shuffle ? ", through a buffer," : ""} goes on where it was stopped, bit for bit`, async () => {
        const options: TrainOptions = { epochs: 4, batchSize: 8, seed: 4 };
        const whole = await stream({ train: given(), shuffle });
        const expected = await outcome(dense, whole, options);
        whole.dispose();
        const save = join(root, `${what.split(" ")[1]}-${shuffle}`);
        const first = await stream({ train: given(), shuffle });
        const run = await recordTraining(
          dense(),
          first,
          { ...options, optimizer: adam({ learningRate: 0.02 }) },
          { folder: save },
        );
        run.on("epoch", ({ row }) => row.epoch === 2 && run.stop());
        await run.finished;
        assert.equal(run.status, "interrupted");
        first.dispose();
        const second = await stream({ train: given(), shuffle });
        assert.deepEqual(await outcome(dense, second, options, save), expected);
        assert.equal(expected.rows.length, 4);
        second.dispose();
      });

  test("data with another beginning is another data set", async () => {
    const [a, b, c] = [
      await stream({ train: batches }),
      await stream({ train: turned }),
      await stream({ train: batches }),
    ];
    assert.deepEqual(await fingerprint(a!), await fingerprint(c!));
    assert.deepEqual(await fingerprint(a!), await fingerprint(b!), "epoch 0 turns nothing");
    const other = await stream({ train: () => [samples(1, 11)] });
    assert.notDeepEqual(await fingerprint(other), await fingerprint(a!));
    for (const made of [a!, b!, c!, other]) made.dispose();
  });

  test("a stream that never gives anything does not hold a run that is to stop", async () => {
    const data = await stream({
      async *train({ epoch }) {
        yield samples(0, 10);
        if (epoch > 0) await new Promise(() => {});
      },
    });
    const run = startTraining(dense(), data, { epochs: 2 });
    setTimeout(() => run.stop(), 100);
    await run.finished;
    assert.equal(run.status, "interrupted");
    data.dispose();
  });

  test("a loss that is not finite is found where the stream can be read again", async () => {
    const squares = (prediction: Tensor | Tensor[]) => tf.mean(tf.square(prediction as Tensor));
    const go = async (given: BatchStream) => {
      const data = await stream({ train: given });
      const run = await train(dense(), data, {
        loss: squares,
        optimizer: sgd({ learningRate: 1e15 }),
        epochs: 2,
        progress: false,
      });
      data.dispose();
      return [
        run.status,
        run.nonFinite?.step !== null,
        run.warnings.some((text) => text.includes("cannot be read again")),
      ];
    };
    assert.deepEqual(await go(batches), ["diverged", true, false]);
    assert.deepEqual(await go(zipped().batch(10)), ["diverged", false, true]);
  });
});

describe("what a stream cannot be is said with the batch", () => {
  const good = samples(0, 10);
  const then = (batch: unknown): BatchStream =>
    function* () {
      yield good;
      yield batch;
    };
  const withNaN = good.inputs.map((row, at) => (at === 3 ? [...row.slice(0, 3), NaN] : row));
  const cases: Record<string, [Given, RegExp, TrainOptions?]> = {
    "a stream that fails": [
      async function* () {
        yield await Promise.resolve(good);
        throw new Error("the disk is gone");
      },
      /Expected batch 1 of train in epoch 1 but the stream failed: the disk is gone/,
    ],
    NaN: [
      then({ ...good, inputs: withNaN }),
      /inputs in batch 1 of train in epoch 1 .* found NaN in sample 3, at \[3\]\[3\]/,
    ],
    "NaN in a tensor": [then([tf.data ? tf.fill([2, 4], NaN) : null, [0, 1]]), /batch 1 .* found NaN in sample 0/],
    "another shape": [
      then([tf.zeros([2, 5]), [0, 1]]),
      /shape \[4\], as in the first batch, in the inputs in batch 1 .* \[5\]/,
    ],
    "other targets": [
      then([tf.zeros([2, 4]), tf.zeros([2, 3])]),
      /shape \[\], as in the first batch, in the targets in batch 1/,
    ],
    "no samples": [
      then([tf.zeros([0, 4]), []]),
      /batch 1 .* to hold samples but found the shape \[0, 4\]: leave empty batches out/,
    ],
    "more inputs than targets": [then({ ...good, targets: [1] }), /as many inputs as targets in batch 1 .* 10 and 1/],
    "labels beyond the network's classes": [
      then({ ...good, targets: good.inputs.map(() => 3) }),
      /targets in batch 1 .* from 0 to 2 but found 3/,
    ],
    "labels that are no whole numbers": [
      then({ ...good, targets: good.inputs.map(() => 0.5) }),
      /whole numbers.* classes: null/,
    ],
    text: [then({ ...good, inputs: good.inputs.map(() => ["a", "b", "c", "d"]) }), /batch 1 .* string "a"/],
    "a shape that is none": [
      then({ ...good, inputs: { values: new Float32Array(8), sampleShape: "4" } }),
      /inputs in batch 1 .*\.sampleShape to hold whole numbers above 0 but found "4"/,
    ],
    "a shape with a length of 0": [
      then({ ...good, inputs: { values: new Float32Array(8), sampleShape: [2, 0] } }),
      /sampleShape to hold whole numbers above 0 but found \[2,0\]/,
    ],
    "parts of samples": [
      then({ ...good, inputs: { values: new Float32Array(7), sampleShape: [4] } }),
      /batch 1 .* to hold whole samples of 4 numbers \(\[4\]\) but found 7 numbers/,
    ],
    "no batch": [then(7), /batch 1 .* to be \{ inputs, targets \}, \{ xs, ys \} or \[inputs, targets\] but found 7/],
    "a word too much": [then({ ...good, weigths: [1] }), /found "weigths" beside them/],
    "no batches": [() => [], /Expected train to have batches but found none/],
    "samples that are no batches": [zipped(), /batch 0 of train .*dataset\.batch\(32\)/],
    "a function that makes nothing": [
      () => 3 as never,
      /a function that makes a generator of batches, but found one that returns 3/,
    ],
    "a generator for several epochs": [batches(), /makes a generator for each of 3 epochs/],
    "samples of another shape than the network's": [
      () => [[tf.zeros([2, 5]), [0, 1]]],
      /samples of shape \[4\] .* \[5\]/,
    ],
  };
  for (const [what, [given, message, options]] of Object.entries(cases))
    test(what, async () => {
      const before = tf.memory().numTensors;
      const model = dense();
      await assert.rejects(train(model, given, { epochs: 3, progress: false, ...options }), (error: Error) => {
        assert.match(error.message, message);
        return true;
      });
      model.dispose();
      assert.ok(tf.memory().numTensors <= before, `${tf.memory().numTensors - before} tensors are left`);
    });

  test("fewer samples than was said", async () => {
    const data = await stream({ train: batches, size: 50 });
    await assert.rejects(
      train(dense(), data, { epochs: 1, progress: false }),
      /to have 50 samples, as it was said, but found 47/,
    );
    data.dispose();
  });

  test("what picks samples by their number", async () => {
    const made = (await imageFolder(folder, { size: [8, 8], lazy: true })) as never as Dataset;
    const positions = tf.tensor1d([0], "int32");
    assert.throws(() => evaluationBatch(made, made.train, positions), /samples in memory for ga\.evaluationBatch/);
    assert.throws(() => trainingBatch(made, tf.zeros([1, 4], "int32"), positions), /for ga\.trainingBatch/);
    made.dispose();
  });

  test("options that make no sense", async () => {
    const rejects = (options: object, message: RegExp) => assert.rejects(stream(options as never), message);
    await rejects({ train: batches, shufle: 3 }, /did you mean shuffle/);
    await rejects({ train: batches, shuffle: -1 }, /shuffle to be a whole number of at least 0 but found -1/);
    await rejects({ train: batches, size: "many" }, /size to be a whole number above 0 but found "many"/);
    await rejects({ train: batches, classNames: ["a"], classes: 3 }, /a name for each of 3 classes but found 1/);
    await rejects(
      { train: batches, validation: () => [[[[1, 2]], [0]]] },
      /samples of validation to have the shapes of train/,
    );
    await rejects({}, /Expected train to be a tf.data.Dataset, .* found none/);
    await rejects(
      { train: batches, augmentation: { pad: 1, flip: true } },
      /Expected images \[height, width, channels\] to augment/,
    );
    assert.throws(() => startTraining(dense(), batches as never), /await ga\.stream\(/);
  });
});
