import assert from "node:assert/strict";
import { test } from "node:test";
import { dataset, type DatasetOptions, epochPlan, evaluationBatch, trainingBatch } from "../../src/datasets";
import { type Tensor, tf } from "../../src/tensorflow";
import { uniforms } from "../support/deterministic";

const targets = [0, 1, 0, 1];
const normalisation = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };
const augmentation = { pad: 1, flip: true };
const picture = (...shape: number[]) =>
  tf.tensor(Float32Array.from(uniforms("picture", 4 * shape.reduce((a, b) => a * b))), [4, ...shape]);
const tokens = [[7, 11, 13], [1, 2, 3], [4, 5, 6], [7, 8, 9]]; // prettier-ignore

/** Whether each input comes out of an evaluation batch as it went in. */
async function untouched(several: Tensor[], options: Partial<DatasetOptions>): Promise<boolean[]> {
  const data = await dataset({ train: { several, targets }, ...options });
  const { inputs } = evaluationBatch(data, data.train, tf.range(0, 4, 1, "int32"));
  const same = inputs.map(
    (input, at) => String(input.dataSync()) === String(tf.cast(several[at]!, "float32").dataSync()),
  );
  data.dispose();
  return same;
}

test("beside an image neither tokens nor side inputs are normalised, whatever their last dimension", async () => {
  const sides = [
    tf.tensor2d(tokens, [4, 3], "int32"),
    tf.tensor2d(tokens, [4, 3]),
    tf.tensor3d([tokens, tokens, tokens, tokens], [4, 4, 3], "int32"),
    tf.tensor3d([tokens, tokens, tokens, tokens], [4, 4, 3]),
  ];
  assert.deepEqual(await untouched([picture(8, 8, 3), ...sides], { normalisation }), [false, true, true, true, true]);
  assert.deepEqual(await untouched([...sides, picture(8, 8, 3)], { normalisation, augmentation }), [true, true, true, true, false]); // prettier-ignore
});

test("images of other channels are left alone, and what is declared no image", async () => {
  assert.deepEqual(await untouched([picture(8, 8, 3), picture(8, 8, 1)], { normalisation }), [false, true]);
  const images = [true, false];
  assert.deepEqual(await untouched([picture(8, 8, 3), picture(8, 8, 3)], { normalisation, images }), [false, true]);
});

test("without an image the one input of as many columns is normalised; tokens never are", async () => {
  assert.deepEqual(await untouched([tf.ones([4, 3]), tf.ones([4, 2])], { normalisation }), [false, true]);
  await assert.rejects(untouched([tf.tensor2d(tokens, [4, 3], "int32")], { normalisation }), /an input of 3 channels/);
  await assert.rejects(
    untouched([tf.ones([4, 3]), tf.ones([4, 3])], { normalisation }),
    /one input of 3 columns .* 2 among/,
  );
  await assert.rejects(untouched([picture(8, 8, 1), tf.ones([4, 3])], { normalisation }), /an image of 3 channels/);
});

test("whole numbers in the shape of an image are one where they stand alone, else they must be declared", async () => {
  const whole = () => tf.cast(picture(8, 8, 3).mul(255), "int32");
  assert.deepEqual(await untouched([whole()], { normalisation }), [false]);
  assert.deepEqual(await untouched([whole(), tf.ones([4, 3])], { normalisation, augmentation }), [false, true]);
  await assert.rejects(
    untouched([picture(8, 8, 3), whole()], { normalisation }),
    /whether input 1, \[8, 8, 3\] of whole numbers, is an image .* say images: \[true, true\]/,
  );
  const images = [true, true];
  assert.deepEqual(await untouched([picture(8, 8, 3), whole()], { normalisation, images }), [false, false]);
});

const pictures = { inputs: Float32Array.from(uniforms("moved", 4 * 6 * 5 * 3), (value) => Math.floor(value * 200)) };

/** Every image that a planned epoch shows, and its targets. */
async function moved(shape: number[], take: (image: Tensor) => Tensor, options: Partial<DatasetOptions> = {}) {
  const inputs = tf.tensor(pictures.inputs, [4, 6, 5, 3]);
  const data = await dataset({ train: { inputs, targets: take(inputs) }, classes: null, augmentation, ...options });
  assert.deepEqual(data.train.targets.sampleShape, shape);
  const plan = tf.tensor2d(epochPlan(4, { seed: 3, epoch: 1, augmentation, shuffle: false }), [4, 4], "int32");
  const batch = trainingBatch(data, plan, tf.range(0, 4, 1, "int32"));
  data.dispose();
  return { ...batch, still: String(batch.inputs[0]!.dataSync()) === String(inputs.dataSync()) };
}

test("targets as high and wide as an image move with it", async () => {
  const masks: [number[], "float32" | "int32", (image: Tensor) => Tensor][] = [
    [[6, 5, 3], "float32", (image) => image],
    [[6, 5, 1], "float32", (image) => image.slice([0, 0, 0, 1], [-1, -1, -1, 1])],
    [[6, 5], "int32", (image) => image.slice([0, 0, 0, 1], [-1, -1, -1, 1]).reshape([4, 6, 5]).cast("int32")],
  ];
  for (const [shape, dtype, take] of masks) {
    const { inputs, targets: held, still } = await moved(shape, take);
    assert.equal(still, false);
    assert.equal(held.dtype, dtype);
    assert.deepEqual(held.dataSync(), take(inputs[0]!).dataSync(), `[${shape}]`);
  }
});

test("what is no image stays, and so does what is said to be none", async () => {
  const line = (image: Tensor) => image.slice([0, 0, 0, 0], [-1, 1, 4, 1]).reshape([4, 4]);
  assert.deepEqual(
    (await moved([4], line)).targets.dataSync(),
    line(tf.tensor(pictures.inputs, [4, 6, 5, 3])).dataSync(),
  );
  const { inputs, targets: held } = await moved([6, 5, 3], (image) => image, { imageTargets: false });
  assert.notDeepEqual(held.dataSync(), inputs[0]!.dataSync());
  assert.deepEqual(held.dataSync(), pictures.inputs);
});

test("targets that look like images of another size are refused beside augmentation", async () => {
  const refused = /as high and wide as the images, \[6, 5, 3\], .* but found .* imageTargets: false/;
  await assert.rejects(
    moved([5, 6, 3], (image) => image.reshape([4, 5, 6, 3])),
    refused,
  );
  await assert.rejects(
    moved([12, 10], () => tf.zeros([4, 12, 10])),
    refused,
  );
  await assert.rejects(
    moved([90], (image) => image.reshape([4, 90])),
    refused,
  );
  await assert.rejects(
    moved([30], () => tf.zeros([4, 30])),
    refused,
  );
  await assert.rejects(
    moved([4], () => tf.zeros([4, 4]), { imageTargets: true }),
    /targets that move with images/,
  );
  const none = { augmentation: null };
  assert.equal((await moved([12, 10], () => tf.zeros([4, 12, 10]), none)).still, true);
});

test("declarations are checked", async () => {
  const inputs = picture(8, 8, 3);
  const refuse = (options: object, message: RegExp) =>
    assert.rejects(dataset({ train: { inputs, targets }, ...options }), message);
  await refuse({ images: [true, false] }, /true or false for each of 1 inputs but found \[true,false\]/);
  await refuse({ augmentation: { pad: 1, flip: "no" } }, /flip to be true or false but found "no"/);
  await refuse({ augmentation, images: [false] }, /Expected images .* to augment but found/);
  await refuse(
    { normalisation: { mean: [0, 0, null], std: [1, 1, 1] } },
    /normalisation\.mean\[2\] to be a number but found null/,
  );
  await refuse(
    { normalisation: { mean: [0, 0, 0], std: [1, 1, "1"] } },
    /normalisation\.std\[2\] to be above 0 but found "1"/,
  );
  const grey = dataset({ train: { inputs: tf.zeros([4, 8, 8]), targets }, images: [true] });
  await assert.rejects(grey, /image 0 to have the shape .* but found \[8, 8\]: reshape/);
});
