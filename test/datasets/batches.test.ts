import assert from "node:assert/strict";
import { test } from "node:test";
import { epochPlan, evaluationBatch, trainingBatch, type Dataset } from "../../src/datasets";
import { createDataset } from "../../src/datasets/create-dataset";
import { createSplit } from "../../src/datasets/create-split";
import { labelColumn } from "../../src/datasets/columns/label-column";
import { PixelUploader } from "../../src/datasets/columns/pixel-uploader";
import { tf, type Tensor1D, type Tensor2D } from "../../src/tensorflow";

const [HEIGHT, WIDTH] = [32, 32];
const SIZE = 200;
const NORMALISATION = { mean: [0.4914, 0.4822, 0.4465], std: [0.2023, 0.1994, 0.201] };
/** Never black, so that padding can be told. */
const pixel = (i: number, y: number, x: number, c: number) => 1 + ((i * 37 + y * 101 + x * 7 + c * 53) % 255);

function images(height = HEIGHT, width = WIDTH): Dataset {
  const bytes = new Uint8Array(SIZE * height * width * 3);
  let at = 0;
  for (let i = 0; i < SIZE; i++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) for (let c = 0; c < 3; c++) bytes[at++] = pixel(i, y, x, c);
  const uploader = new PixelUploader([height, width, 3]);
  uploader.add(bytes.subarray(0, 50 * height * width * 3));
  uploader.add(bytes.subarray(50 * height * width * 3));
  return createDataset({
    name: "test",
    classes: SIZE,
    classNames: null,
    train: createSplit([uploader.finish()], labelColumn(Array.from({ length: SIZE }, (_, i) => i))),
    validation: null,
    test: null,
    augmentation: { pad: 4, flip: true },
    normalisation: NORMALISATION,
  });
}

/** Pads, crops, mirrors and normalises one image after the other, pixel by pixel. */
function naive(rows: readonly number[][], height = HEIGHT, width = WIDTH, pad = 4): Float32Array {
  const out: number[] = [];
  for (const [sample, dy, dx, flip] of rows as [number, number, number, number][])
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const sourceY = y + dy - pad;
        const sourceX = (flip ? width - 1 - x : x) + dx - pad;
        const inside = sourceY >= 0 && sourceY < height && sourceX >= 0 && sourceX < width;
        for (let c = 0; c < 3; c++) {
          const value = inside ? pixel(sample, sourceY, sourceX, c) : 0;
          out.push((value / 255 - NORMALISATION.mean[c]!) / NORMALISATION.std[c]!);
        }
      }
  return Float32Array.from(out);
}

function batch(data: Dataset, rows: readonly number[][]) {
  const plan = tf.tensor2d(rows as number[][], undefined, "int32") as Tensor2D;
  const positions = tf.range(0, rows.length, 1, "int32") as Tensor1D;
  const { inputs, targets } = trainingBatch(data, plan, positions);
  const found = {
    values: inputs[0]!.dataSync() as Float32Array,
    labels: [...targets.dataSync()],
    shape: inputs[0]!.shape,
  };
  tf.dispose([plan, positions, inputs, targets]);
  return found;
}

const largest = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let most = a.length === b.length ? 0 : Infinity;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
};

const every = Array.from({ length: 162 }, (_, i) => [(i * 5) % SIZE, Math.floor(i / 18), Math.floor(i / 2) % 9, i % 2]);

for (const backend of ["tensorflow", "cpu"])
  test(`each of the 81 crops, mirrored or not, equals a crop made pixel by pixel (${backend})`, async () => {
    await tf.setBackend(backend);
    const data = images();
    const found = batch(data, every);
    assert.deepEqual(found.shape, [162, 32, 32, 3]);
    assert.deepEqual(
      found.labels,
      every.map(([sample]) => sample),
    );
    // Values lie within ±3; float32 rounding of x * scale - shift leaves less than this.
    assert.ok(largest(found.values, naive(every)) < 2e-6, `differs by ${largest(found.values, naive(every))}`);
    data.dispose();
    await tf.setBackend("tensorflow");
  });

test("both backends give the same bits", async () => {
  const found: Float32Array[] = [];
  for (const backend of ["cpu", "tensorflow"]) {
    await tf.setBackend(backend);
    const data = images();
    found.push(batch(data, every).values);
    data.dispose();
  }
  assert.deepEqual(found[0], found[1]);
});

test("images that are higher than wide are cut as well", () => {
  const data = images(20, 12);
  const rows = [
    [3, 0, 8, 1],
    [4, 8, 0, 0],
    [5, 2, 5, 1],
  ];
  assert.ok(largest(batch(data, rows).values, naive(rows, 20, 12)) < 2e-6);
  data.dispose();
});

test("borders are black before normalisation, and only borders", () => {
  const data = images();
  const black = NORMALISATION.mean.map((mean, c) => -mean / NORMALISATION.std[c]!);
  for (const [dy, dx] of [
    [0, 0],
    [8, 8],
    [0, 8],
    [4, 4],
    [3, 6],
  ] as const) {
    const { values } = batch(data, [[7, dy, dx, 0]]);
    for (let y = 0; y < HEIGHT; y++)
      for (let x = 0; x < WIDTH; x++) {
        const outside = y + dy < 4 || y + dy >= 36 || x + dx < 4 || x + dx >= 36;
        const isBlack = black.every((value, c) => Math.abs(values[(y * WIDTH + x) * 3 + c]! - value) < 1e-6);
        assert.equal(isBlack, outside, `offset ${dy}, ${dx} at ${y}, ${x}`);
      }
  }
  data.dispose();
});

test("a planned epoch shows each sample once, cut as planned", () => {
  const data = images();
  const plan = epochPlan(SIZE, { seed: 11, epoch: 1, augmentation: data.augmentation });
  const rows = Array.from({ length: SIZE }, (_, i) => [...plan.subarray(4 * i, 4 * i + 4)]);
  const found = batch(data, rows);
  assert.deepEqual(
    [...found.labels].sort((a, b) => a - b),
    Array.from({ length: SIZE }, (_, i) => i),
  );
  assert.ok(largest(found.values, naive(rows)) < 2e-6);
  data.dispose();
});

test("an evaluation batch is normalised and otherwise as stored", () => {
  const data = images();
  const { inputs, targets } = evaluationBatch(data, data.train, tf.tensor1d([9, 2], "int32"));
  assert.deepEqual([...targets.dataSync()], [9, 2]);
  assert.equal(targets.dtype, "int32");
  assert.ok(
    largest(
      inputs[0]!.dataSync(),
      naive([
        [9, 4, 4, 0],
        [2, 4, 4, 0],
      ]),
    ) < 2e-6,
  );
  data.dispose();
});

test("without normalisation pixels are divided by 255", () => {
  const data = images();
  const { inputs } = evaluationBatch({ ...data, normalisation: null }, data.train, tf.tensor1d([1], "int32"));
  assert.ok(Math.abs(inputs[0]!.dataSync()[0]! - pixel(1, 0, 0, 0) / 255) < 1e-7);
  data.dispose();
});

test("batches and data sets leave no tensor behind", () => {
  const before = tf.memory().numTensors;
  const data = images();
  const held = tf.memory().numTensors;
  assert.equal(held - before, 2);
  for (let i = 0; i < 3; i++) batch(data, every);
  assert.equal(tf.memory().numTensors, held);
  data.dispose();
  assert.equal(tf.memory().numTensors, before);
});
