import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { embedded } from "../../src/datasets";
import { exportEmbedded } from "../../src/datasets/export-embedded";
import { generateImages } from "../../src/datasets/generate-images";
import { tf } from "../../src/tensorflow";

const SMALL = { train: 100, validation: 50, test: 50 };

test("the seed fixes every byte; another seed, and another split, give other images", () => {
  const draw = (seed: number, stream: number) => generateImages(20, { classes: 10, seed, stream });
  assert.deepEqual(draw(1, 0), draw(1, 0));
  assert.notDeepEqual(draw(1, 0).images, draw(2, 0).images);
  assert.notDeepEqual(draw(1, 0).images, draw(1, 1).images);
});

test("a longer set is balanced as well, and no two images are alike", () => {
  const { images, labels } = generateImages(205, { classes: 10, seed: 0, stream: 0 });
  const counts = new Array<number>(10).fill(0);
  for (const label of labels) counts[label]!++;
  assert.deepEqual(counts, [21, 21, 21, 21, 21, 20, 20, 20, 20, 20]);
  const seen = new Set(
    Array.from({ length: 205 }, (_, i) => Buffer.from(images.subarray(i * 3072, i * 3072 + 3072)).toString("base64")),
  );
  assert.equal(seen.size, 205);
});

for (const [classes, name] of [
  [10, "embedded"],
  [100, "embedded-100"],
] as const)
  test(`${classes} classes come in CIFAR's shape, named, with all classes in each split`, async () => {
    const data = embedded({ ...SMALL, train: 200, classes });
    assert.deepEqual([data.name, data.classes, new Set(data.classNames).size], [name, classes, classes]);
    assert.deepEqual([data.train.size, data.validation!.size, data.test!.size], [200, 50, 50]);
    assert.deepEqual(data.train.inputs[0]!.tensor.shape, [200, 32, 32, 3]);
    assert.equal(new Set(await data.train.targets.tensor.data()).size, classes);
    data.dispose();
  });

test("no pixel has a mean that tells the classes: at most a quarter of the range between any two", () => {
  const { images, labels } = generateImages(1000, { classes: 10, seed: 0, stream: 0 });
  const means = Array.from({ length: 10 }, () => new Float64Array(3072));
  for (let i = 0; i < 1000; i++) for (let p = 0; p < 3072; p++) means[labels[i]!]![p]! += images[i * 3072 + p]! / 100;
  for (let p = 0; p < 3072; p++) {
    const at = means.map((mean) => mean[p]!);
    // Deviation of a mean of 100 pixels is about 6; ten of them spread over some 20 by chance alone.
    assert.ok(Math.max(...at) - Math.min(...at) < 110, `pixel ${p}`);
  }
});

test("splits of size 0 are null, and disposing frees everything", () => {
  const before = tf.memory().numTensors;
  const data = embedded({ train: 10, validation: 0, test: 0 });
  assert.deepEqual([data.validation, data.test], [null, null]);
  data.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test("wrong sizes and class counts are RangeErrors", () => {
  assert.throws(() => embedded({ train: 0 }), {
    name: "RangeError",
    message: "Expected train to be an integer of at least 1 images but found 0",
  });
  assert.throws(() => embedded({ test: 1.5 }), { name: "RangeError" });
  assert.throws(() => embedded({ classes: 20 as 10 }), { name: "RangeError" });
});

for (const classes of [10, 100] as const)
  test(`exported files of ${classes} classes hold the same images in CIFAR's planes`, async () => {
    const dir = await mkdtemp(join(tmpdir(), "gradamp-export-"));
    const paths = await exportEmbedded(dir, { ...SMALL, classes, seed: 4 });
    assert.deepEqual(
      paths.map((path) => path.slice(dir.length + 1)),
      ["train.bin", "validation.bin", "test.bin", "class_names.txt"],
    );
    const head = classes === 10 ? 1 : 2;
    const bytes = readFileSync(paths[2]!);
    assert.equal(bytes.length, 50 * (head + 3072));
    const { images, labels } = generateImages(50, { classes, seed: 4, stream: 2 });
    const at = 7 * (head + 3072);
    assert.equal(bytes[at + head - 1], labels[7]);
    if (head === 2) assert.equal(bytes[at], Math.floor(labels[7]! / 10));
    for (const [p, c] of [
      [0, 0],
      [1, 0],
      [700, 2],
      [1023, 1],
    ] as const)
      assert.equal(bytes[at + head + c * 1024 + p], images[(7 * 1024 + p) * 3 + c]);
    await rm(dir, { recursive: true });
  });
