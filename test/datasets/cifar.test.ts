import assert from "node:assert/strict";
import { appendFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { cifar10, cifar100, presentDatasets } from "../../src/datasets";
import { loadCifar } from "../../src/datasets/cifar/load-cifar";
import { tf } from "../../src/tensorflow";
import { smallCifar, smallPixel, writeSmallCifar } from "./small-cifar";

const small = smallCifar(4);
writeSmallCifar(small);
const load = (options: Partial<Parameters<typeof loadCifar>[1]> = {}) =>
  loadCifar(small.layout, { dir: small.dir, split: { validation: 100 }, labels: "fine", ...options });

for (const backend of ["tensorflow", "cpu"])
  test(`planes become pixels, labels fine, splits stratified (${backend})`, async () => {
    await tf.setBackend(backend);
    const before = tf.memory().numTensors;
    const data = await load();
    assert.deepEqual([data.train.size, data.validation!.size, data.test!.size], [300, 100, 100]);
    assert.deepEqual(data.train.inputs[0]!.sampleShape, [32, 32, 3]);
    assert.equal(data.train.inputs[0]!.storage, backend === "cpu" ? "int32" : "uint8");
    assert.deepEqual([data.classes, data.classNames!.length, data.classNames![7]], [100, 100, "fine 7"]);
    const labels = [...(await data.validation!.targets.tensor.data())];
    assert.deepEqual(
      labels.sort((a, b) => a - b),
      Array.from({ length: 100 }, (_, i) => i),
    );

    const images = tf.tidy(() => data.test!.inputs[0]!.gather(tf.tensor1d([42, 3], "int32")));
    const [first, second] = (await images.array()) as number[][][][];
    for (const [y, x, c] of [
      [0, 0, 0],
      [0, 1, 0],
      [1, 0, 2],
      [31, 31, 1],
    ] as const) {
      assert.equal(first![y]![x]![c], smallPixel(42, y, x, c));
      assert.equal(second![y]![x]![c], smallPixel(3, y, x, c));
    }
    images.dispose();
    data.dispose();
    assert.equal(tf.memory().numTensors, before);
    await tf.setBackend("tensorflow");
  });

test("images keep their labels across files, blocks and splits", async () => {
  const data = await load();
  for (const split of [data.train, data.validation!]) {
    const labels = await split.targets.tensor.data();
    const corner = tf.tidy(() =>
      split.inputs[0]!.gather(tf.range(0, split.size, 1, "int32")).slice([0, 0, 0, 0], [-1, 1, 1, 1]),
    );
    // Image i of a file begins with the byte 31 i, and its label is i mod 100; 31 * 33 is 255 mod 256, so i = -33 * byte.
    const bytes = await corner.data();
    for (let i = 0; i < split.size; i++) {
      const place = (bytes[i]! * 223) & 255;
      assert.ok(
        [place, place + 256].some((candidate) => candidate % 100 === labels[i]),
        `image ${i}`,
      );
    }
    corner.dispose();
  }
  data.dispose();
});

test("coarse labels are the first byte, fine ones the second", async () => {
  const data = await load({ labels: "coarse" });
  assert.equal(data.classes, 20);
  assert.deepEqual(
    [...(await data.test!.targets.tensor.data())],
    Array.from({ length: 100 }, (_, i) => Math.floor(i / 5)),
  );
  data.dispose();
});

test("without validation images there is no such split", async () => {
  const data = await load({ split: "train-test" });
  assert.deepEqual([data.train.size, data.validation], [400, null]);
  data.dispose();
});

test("limits keep a balanced, seeded sample of each split", async () => {
  const limit = { train: 200, validation: 100, test: 50 };
  const data = await load({ limit, seed: 5 });
  assert.deepEqual([data.train.size, data.validation!.size, data.test!.size], [200, 100, 50]);
  const labels = [...(await data.train.targets.tensor.data())];
  assert.deepEqual(
    labels.sort((a, b) => a - b),
    Array.from({ length: 200 }, (_, i) => Math.floor(i / 2)),
  );
  data.dispose();
});

test("augmentation and normalisation can be set, and switched off by null", async () => {
  const plain = await load({ augmentation: null, normalisation: null });
  assert.deepEqual([plain.augmentation, plain.normalisation], [null, null]);
  plain.dispose();
  const usual = await load();
  assert.deepEqual(usual.augmentation, { pad: 4, flip: true });
  assert.deepEqual(usual.normalisation!.std, [0.2023, 0.1994, 0.201]);
  usual.dispose();
});

test("progress counts every image once", async () => {
  const seen: { done: number; total: number }[] = [];
  (await load({ onProgress: (progress) => seen.push(progress) })).dispose();
  assert.deepEqual(seen.at(-1), { done: 500, total: 500 });
});

test("a set that is not there is an error with the folder and the remedy", async () => {
  await assert.rejects(cifar100({ dir: "/nowhere" }), {
    message:
      "Expected cifar-100 in /nowhere/cifar-100-binary but found no train.bin: run `gradamp data download cifar-100`, " +
      "or name its folder in GRADAMP_DATA or the option dir",
  });
  await assert.rejects(
    cifar10({ dir: "/nowhere" }),
    /\/nowhere\/cifar-10-batches-bin.*gradamp data download cifar-10`/,
  );
});

test("truncated, longer and foreign files are errors that name them, and leave no tensor", async () => {
  const before = tf.memory().numTensors;
  const broken = smallCifar(2);
  const path = join(broken.dir, broken.layout.folder, "train_2.bin");
  const again = () => loadCifar(broken.layout, { dir: broken.dir, split: "train-test", labels: "fine" });
  writeSmallCifar(broken);
  truncateSync(path, 3074 * 99 + 5);
  await assert.rejects(again(), (error: Error) =>
    error.message.startsWith(`Expected ${path} to hold 307400 bytes but found 304331: the file is truncated`),
  );
  writeSmallCifar(broken);
  appendFileSync(path, "x");
  await assert.rejects(again(), /to hold 307400 bytes but found 307401/);
  writeFileSync(path, Buffer.alloc(307_400, 200));
  await assert.rejects(again(), (error: Error) =>
    error.message.startsWith(`Expected labels below 100 in ${path} but found 200 in record 0`),
  );
  rmSync(broken.dir, { recursive: true });
  assert.equal(tf.memory().numTensors, before);
});

test("an unknown split and too large a validation split are RangeErrors", async () => {
  await assert.rejects(load({ split: "half" as "vgp" }), { name: "RangeError" });
  await assert.rejects(load({ split: { validation: 500 } }), { name: "RangeError" });
});

const present = new Set(presentDatasets().flatMap(({ name, present }) => (present ? [name] : [])));
test(
  "real CIFAR-100 is 47,500 / 2,500 / 10,000 with 475 and 25 of each class",
  { skip: !present.has("cifar-100") },
  async () => {
    const data = await cifar100();
    assert.deepEqual([data.train.size, data.validation!.size, data.test!.size], [47_500, 2_500, 10_000]);
    const counts = (labels: ArrayLike<number>) => {
      const found = new Array<number>(100).fill(0);
      for (let i = 0; i < labels.length; i++) found[labels[i]!]!++;
      return new Set(found);
    };
    assert.deepEqual(counts(await data.train.targets.tensor.data()), new Set([475]));
    assert.deepEqual(counts(await data.validation!.targets.tensor.data()), new Set([25]));
    assert.deepEqual(data.classNames!.slice(0, 2), ["apple", "aquarium_fish"]);
    data.dispose();
  },
);
test(
  "real CIFAR-10 has the mean colour of its normalisation constants",
  { skip: !present.has("cifar-10") },
  async () => {
    const data = await cifar10({ limit: { train: 2000, validation: 100, test: 100 } });
    assert.deepEqual([data.train.size, data.classNames![9]], [2000, "truck"]);
    const mean = tf.tidy(() =>
      data.train.inputs[0]!.gather(tf.range(0, 2000, 1, "int32"))
        .mean([0, 1, 2])
        .div(255)
        .dataSync(),
    );
    for (const [c, expected] of data.normalisation!.mean.entries()) assert.ok(Math.abs(mean[c]! - expected) < 0.02);
    data.dispose();
  },
);
