import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { imageFolder, type StreamedSplit } from "../../../src/datasets";
import { decodeFiles, joinImages } from "../../../src/datasets/streams/decode-files";
import { attribute, rawOp, tf, type Tensor } from "../../../src/tensorflow";
import { writeImageFolder } from "../../support/image-folder";

const root = mkdtempSync(join(tmpdir(), "gradamp-folder-"));
const dir = join(root, "images");
before(() => writeImageFolder(dir, [40, 7, 20], (image) => (image % 3 === 0 ? [8, 8] : [20, 12])));
after(() => rmSync(root, { recursive: true }));

const pixels = (images: Tensor) =>
  tf.tidy(() => [
    ...rawOp("Cast", { SrcT: attribute.type("uint8"), DstT: attribute.type("int32") }, [images])[0]!.dataSync(),
  ]);

/** Every sample of a split in the order in which it is read: its label and the sum of its pixels. */
async function samplesOf(split: StreamedSplit, batchSize: number, epoch: number | null) {
  const order = epoch === null ? null : { seed: 5, epoch, augmentation: null };
  const reader = split.read({ batchSize, classes: 3, epoch: order });
  const found: string[] = [];
  const parts: number[] = [];
  for (let part = await reader.next(); part; part = await reader.next()) {
    const { inputs, targets } = part.columns(part.tensors);
    const sums = tf.tidy(() =>
      tf.sum(inputs[0]!.gather(tf.range(0, part.size, 1, "int32")), [1, 2, 3]).arraySync(),
    ) as number[];
    const labels = targets.tensor.dataSync();
    sums.forEach((sum, at) => found.push(`${labels[at]} ${sum}`));
    parts.push(part.size);
    assert.equal(part.isLast, found.length === split.size);
    part.dispose();
  }
  reader.close();
  return { found, parts };
}

test("a lazy folder has the samples of one in memory, the splits alike, and holds nothing", async () => {
  const before = tf.memory().numTensors;
  const options = { size: [8, 8], validationFraction: 0.2 } as const;
  const [lazy, eager] = [await imageFolder(dir, { ...options, lazy: true }), await imageFolder(dir, options)];
  assert.deepEqual([lazy.train.size, lazy.classNames], [eager.train.size, eager.classNames]);
  assert.equal(tf.memory().numTensors - before, 4, "the tensors of the folder in memory only");
  const { found } = await samplesOf(lazy.train, 10, null);
  const sums = tf.tidy(() => tf.sum(eager.train.inputs[0]!.gather(tf.range(0, eager.train.size, 1, "int32")), [1, 2, 3]).arraySync()) as number[]; // prettier-ignore
  const labels = eager.train.targets.tensor.dataSync();
  assert.deepEqual(found, sums.map((sum, at) => `${labels[at]} ${sum}`)); // prettier-ignore
  lazy.dispose();
  eager.dispose();
  assert.equal(tf.memory().numTensors, before);
  assert.throws(() => lazy.train.read({ batchSize: 1, classes: null, epoch: null }), /disposed of/);
});

test("an epoch has every sample once, in an order of its own, however it is cut", async () => {
  const { train, dispose } = await imageFolder(dir, { size: [8, 8], validationFraction: 0, lazy: true });
  const first = await samplesOf(train, 1, 1);
  assert.deepEqual([...new Set(first.parts.slice(0, -1))], [32], "parts of 32 steps");
  assert.deepEqual((await samplesOf(train, 20, 1)).found, first.found);
  const second = await samplesOf(train, 20, 2);
  assert.notDeepEqual(second.found, first.found);
  assert.deepEqual([...second.found].sort(), [...first.found].sort());
  dispose();
});

test("files that are read by many come out as those that are read one by one, turned ones too", async () => {
  const jpeg = readFileSync(join(dir, "class0", "00001.jpg"));
  // An EXIF segment that says orientation 6, as a camera writes it, after the beginning of the file.
  const exif = Buffer.from("ffe1002245786966000049492a0008000000010012010300010000000600000000000000", "hex");
  const turned = join(root, "turned.jpg");
  writeFileSync(turned, Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]));
  const paths = Array.from({ length: 40 }, (_, at) => join(dir, "class0", `${String(at).padStart(5, "0")}.jpg`));
  const never = () => false;
  const alone: number[] = [];
  for (const path of [...paths, turned]) {
    const [image] = await decodeFiles([path], [8, 8], 1, never);
    alone.push(...pixels(image!));
    image!.dispose();
  }
  const joined = joinImages(await decodeFiles([...paths, turned], [8, 8], 3, never), 45);
  assert.deepEqual(joined.shape, [45, 8, 8, 3]);
  assert.deepEqual(pixels(joined), [...alone, ...new Array<number>(4 * 192).fill(0)]);
  joined.dispose();
});

test("a file that cannot be decoded is named, and nothing is left behind", async () => {
  const bad = await writeImageFolder(join(root, "bad"), [40]);
  const path = join(bad, "class0", "00033.jpg");
  truncateSync(path, 100);
  const before = tf.memory().numTensors;
  const data = await imageFolder(bad, { size: [8, 8], validationFraction: 0, lazy: true });
  await assert.rejects(samplesOf(data.train, 10, 1), (error: Error) => error.message.includes(path));
  rmSync(path);
  await assert.rejects(samplesOf(data.train, 10, 1), (error: Error) => error.message.includes(path));
  data.dispose();
  assert.equal(tf.memory().numTensors, before);
});
