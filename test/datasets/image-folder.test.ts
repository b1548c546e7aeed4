import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { evaluationBatch, imageFolder } from "../../src/datasets";
import { tf, type Tensor3D } from "../../src/tensorflow";

interface Encoders {
  encodePng(image: Tensor3D): Promise<Uint8Array>;
  encodeJpeg(image: Tensor3D): Promise<Uint8Array>;
}
const { node: encode } = tf as unknown as { node: Encoders };
const root = mkdtempSync(join(tmpdir(), "gradamp-images-"));
after(() => rmSync(root, { recursive: true }));

/** A picture of one colour (grey for one number, transparent with four). */
const picture = (colour: number[], height = 8, width = 8) =>
  tf.tidy(() => tf.tile(tf.tensor3d([[colour]], undefined, "int32"), [height, width, 1]) as Tensor3D);

async function folder(name: string, files: Record<string, Uint8Array | Promise<Uint8Array>>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, name, path, ".."), { recursive: true });
    writeFileSync(join(root, name, path), await content);
  }
  return join(root, name);
}

test("PNG and JPEG, grey, colour and transparent images become RGB pixels of one size, labelled by folder", async () => {
  const dir = await folder("kinds", {
    "b/colour.png": encode.encodePng(picture([200, 100, 50], 8, 8)),
    "b/.hidden": new Uint8Array([1]),
    "a/grey.png": encode.encodePng(picture([77])),
    "a/large.jpg": encode.encodeJpeg(picture([10, 20, 30], 40, 20)),
    "c/transparent.png": encode.encodePng(picture([9, 8, 7, 128], 3, 5)),
  });
  const before = tf.memory().numTensors;
  const seen: number[] = [];
  const data = await imageFolder(dir, {
    size: [8, 8],
    validationFraction: 0,
    onProgress: ({ done }) => seen.push(done),
  });
  assert.deepEqual([data.classNames, data.train.size, data.validation, data.test], [["a", "b", "c"], 4, null, null]);
  assert.deepEqual(seen, [1, 2, 3, 4]);
  assert.deepEqual([...(await data.train.targets.tensor.data())], [0, 0, 1, 2]);
  const corners = tf.tidy(() => {
    const { inputs } = evaluationBatch(data, data.train, tf.range(0, 4, 1, "int32"));
    return inputs[0]!.mul(255).slice([0, 4, 4, 0], [4, 1, 1, 3]).reshape([4, 3]).arraySync() as number[][];
  });
  const expected = [
    [77, 77, 77],
    [10, 20, 30],
    [200, 100, 50],
    [9, 8, 7],
  ];
  for (const [i, colour] of expected.entries())
    for (const [c, value] of colour.entries())
      // JPEG's colour space rounds.
      assert.ok(Math.abs(corners[i]![c]! - value) <= 2, `image ${i}: ${corners[i]!.join(", ")}`);
  data.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test("shrinking averages over all pixels rather than picking some", async () => {
  const checks = tf.tidy(() => {
    const parity = tf.range(0, 64).reshape([64, 1]).add(tf.range(0, 64)).mod(2);
    return tf.tile(parity.mul(255).toInt().reshape([64, 64, 1]), [1, 1, 3]) as Tensor3D;
  });
  const dir = await folder("checks", { "a/1.png": encode.encodePng(checks) });
  const data = await imageFolder(dir, { size: [8, 8], validationFraction: 0 });
  const { inputs } = evaluationBatch(data, data.train, tf.tensor1d([0], "int32"));
  for (const value of inputs[0]!.dataSync()) assert.ok(Math.abs(value - 0.5) < 0.02, String(value));
  data.dispose();
});

test("held-out images are balanced and fixed by the seed", async () => {
  const files: Record<string, Promise<Uint8Array>> = {};
  for (let i = 0; i < 20; i++) files[`${i % 2 ? "odd" : "even"}/${i}.png`] = encode.encodePng(picture([i, i, i], 4, 4));
  const dir = await folder("balanced", files);
  const read = async (seed: number) => {
    const data = await imageFolder(dir, { size: [4, 4], validationFraction: 0.2, testFraction: 0.3, seed });
    const images = tf.tidy(() => [
      ...data
        .test!.inputs[0]!.gather(tf.range(0, 6, 1, "int32"))
        .max([1, 2, 3])
        .dataSync(),
    ]);
    const labels = [...(await data.test!.targets.tensor.data())];
    assert.deepEqual([data.train.size, data.validation!.size, data.test!.size], [10, 4, 6]);
    data.dispose();
    return { images, labels };
  };
  const first = await read(1);
  assert.deepEqual(first, await read(1));
  assert.deepEqual(first.labels, [0, 0, 0, 1, 1, 1]);
  assert.deepEqual(
    first.images.map((value) => value % 2),
    first.labels,
  );
});

const whole = encode.encodePng(picture([1, 2, 3]));
for (const [what, files, message] of [
  [
    "text",
    { "a/1.png": whole, "a/notes.txt": Buffer.from("hello") },
    /a\/notes.txt to be a PNG or JPEG image but its content is neither/,
  ],
  [
    "a truncated image",
    { "a/1.png": whole, "b/half.png": whole.then((bytes) => bytes.subarray(0, 40)) },
    /b\/half.png to be a readable image/,
  ],
  ["an empty file", { "a/empty.jpg": Buffer.alloc(0) }, /a\/empty.jpg to be a PNG or JPEG/],
  ["no classes", { "1.png": whole }, /a folder for each class in .* but found none/],
] as const)
  test(`${what} is an error that names it, and leaves no tensor`, async () => {
    const dir = await folder(what, files as Record<string, Promise<Uint8Array>>);
    const before = tf.memory().numTensors;
    await assert.rejects(imageFolder(dir, { size: [4, 4], validationFraction: 0 }), { message });
    assert.equal(tf.memory().numTensors, before);
  });

test("a missing folder, an empty class, wrong sizes and fractions are errors", async () => {
  await assert.rejects(imageFolder("/nowhere", { size: [4, 4] }), /a folder of images at \/nowhere/);
  mkdirSync(join(root, "hollow", "a"), { recursive: true });
  await assert.rejects(
    imageFolder(join(root, "hollow"), { size: [4, 4] }),
    /Expected images in .*hollow\/a but found none/,
  );
  await assert.rejects(imageFolder(root, { size: [0, 4] }), RangeError);
  await assert.rejects(imageFolder(root, { size: [4, 4], validationFraction: 0.6, testFraction: 0.4 }), RangeError);
});

test("without the native backend the error says what to do", async () => {
  await tf.setBackend("cpu");
  await assert.rejects(
    imageFolder(root, { size: [4, 4] }),
    /native backend, which decodes images: run `gradamp setup`/,
  );
  await tf.setBackend("tensorflow");
});
