import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { crc32 } from "node:zlib";
import { evaluationBatch, imageFolder } from "../../src/datasets";
import { exifOrientation } from "../../src/datasets/exif-orientation";
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

test("a folder alone is enough: images of 32 × 32, which the papers' networks take", async () => {
  const image = await encode.encodePng(tf.zeros([40, 50, 3], "int32") as Tensor3D);
  const files = Object.fromEntries(["a", "b"].flatMap((name) => [1, 2, 3].map((at) => [`${name}/${at}.png`, Promise.resolve(image)]))); // prettier-ignore
  const data = await imageFolder(await folder("alone", files));
  const { inputs } = evaluationBatch(data, data.train, tf.tensor1d([0], "int32"));
  assert.deepEqual(
    [inputs[0]!.shape, data.source?.options["size"]],
    [
      [1, 32, 32, 3],
      [32, 32],
    ],
  );
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

/** Four quarters: red, green above, blue, white below. */
const quarters = () =>
  tf.tidy(() => {
    const [red, green, blue, white] = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]].map((colour) => picture(colour, 16, 16)); // prettier-ignore
    return tf.concat([tf.concat([red!, green!], 1), tf.concat([blue!, white!], 1)], 0) as Tensor3D;
  });

/** TIFF data that say how the image lies. */
function tiff(orientation: number, order: "II" | "MM"): Buffer {
  const little = order === "II";
  const bytes = Buffer.alloc(26);
  const short = (value: number, at: number) =>
    little ? bytes.writeUInt16LE(value, at) : bytes.writeUInt16BE(value, at);
  const long = (value: number, at: number) =>
    little ? bytes.writeUInt32LE(value, at) : bytes.writeUInt32BE(value, at);
  bytes.write(order);
  short(42, 2);
  long(8, 4);
  short(1, 8);
  [0x0112, 3].forEach((value, at) => short(value, 10 + 2 * at));
  long(1, 14);
  short(orientation, 18);
  return bytes;
}

/** A JPEG with a comment before its EXIF segment, as some cameras write it. */
async function jpegLying(orientation: number, order: "II" | "MM"): Promise<Buffer> {
  const jpeg = Buffer.from(await encode.encodeJpeg(quarters()));
  const data = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff(orientation, order)]);
  const head = Buffer.from([0xff, 0xfe, 0, 5, 1, 2, 3, 0xff, 0xff, 0xe1, 0, data.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), head, data, jpeg.subarray(2)]);
}

async function pngLying(orientation: number): Promise<Buffer> {
  const png = Buffer.from(await encode.encodePng(quarters()));
  const data = Buffer.concat([Buffer.from("eXIf", "latin1"), tiff(orientation, "MM")]);
  const chunk = Buffer.alloc(data.length + 8);
  chunk.writeUInt32BE(data.length - 4);
  data.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(data), data.length + 4);
  // Behind the header, which is 8 + 25 bytes.
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
}

/** The colours of the quarters by letter, row by row. */
async function seen(file: Promise<Buffer>, name: string): Promise<string> {
  const dir = await folder(`lying-${name}`, { [`a/${name}`]: file });
  const data = await imageFolder(dir, { size: [2, 2], validationFraction: 0, augmentation: null });
  const pixels = evaluationBatch(data, data.train, tf.tensor1d([0], "int32")).inputs[0]!.arraySync() as number[][][][];
  data.dispose();
  const letters = pixels[0]!.flat().map((pixel) => pixel.map((value) => Number(value > 0.5)).join(""));
  return letters.map((bits) => ({ "100": "R", "010": "G", "001": "B", "111": "W" })[bits] ?? "?").join("");
}

// What a viewer shows: each orientation's first row and column of the file are named in Exif 2.32, table 4.6.4.
const SHOWN = ["RGBW", "GRWB", "WBGR", "BWRG", "RBGW", "BRWG", "WGBR", "GWRB"];
test("photographs are turned as their EXIF orientation says", async () => {
  for (const [at, shown] of SHOWN.entries()) {
    assert.equal(await seen(jpegLying(at + 1, "II"), `${at + 1}.jpg`), shown, `orientation ${at + 1}`);
    assert.equal(await seen(jpegLying(at + 1, "MM"), `${at + 1}m.jpg`), shown, `orientation ${at + 1}`);
    assert.equal(await seen(pngLying(at + 1), `${at + 1}.png`), shown, `orientation ${at + 1}`);
  }
  for (const nonsense of [0, 9, 600]) assert.equal(await seen(jpegLying(nonsense, "II"), `${nonsense}n.jpg`), "RGBW");
});

test("EXIF data that end too early are no data", async () => {
  const jpeg = await jpegLying(6, "II");
  for (const end of [12, 16, 20, 24, 30, 34]) assert.equal(exifOrientation(jpeg.subarray(0, end)), 1);
  assert.equal(exifOrientation(jpeg), 6);
});

test("links to classes and images are followed, folders in classes entered, each once; labels stand", async () => {
  const one = (red: number) => encode.encodePng(picture([red, 0, 0], 2, 2));
  const elsewhere = await folder("elsewhere", { "cats/1.png": one(10), "lone.png": one(40) });
  const dir = await folder("linked", { "ant/1.png": one(1), "dog/1.png": one(20), "dog/more/2.png": one(21) });
  symlinkSync(join(elsewhere, "cats"), join(dir, "bee"));
  symlinkSync("../../elsewhere/lone.png", join(dir, "dog", "3.png"));
  symlinkSync(join(dir, "dog"), join(dir, "dog", "more", "round"));
  writeFileSync(join(dir, "notes.txt"), "no class");
  const data = await imageFolder(dir, { size: [2, 2], validationFraction: 0 });
  assert.deepEqual(data.classNames, ["ant", "bee", "dog"]);
  const { inputs } = evaluationBatch(data, data.train, tf.range(0, data.train.size, 1, "int32"));
  const reds = [...inputs[0]!.max([1, 2, 3]).mul(255).round().dataSync()];
  const pairs = [...data.train.targets.tensor.dataSync()].map((label, at) => [label, reds[at]]);
  assert.deepEqual(pairs, [[0, 1], [1, 10], [2, 20], [2, 40], [2, 21]]); // prettier-ignore
  data.dispose();
});

test("links that lead nowhere, classes without images, and classes that are all held out are errors", async () => {
  const picture1 = encode.encodePng(picture([1, 2, 3]));
  const refuse = async (dir: string, message: RegExp, options: object = {}) =>
    assert.rejects(imageFolder(dir, { size: [4, 4], validationFraction: 0, ...options }), message);
  const gone = await folder("gone", { "a/1.png": picture1 });
  symlinkSync("/nowhere/at/all", join(gone, "b"));
  await refuse(gone, /gone\/b to be a folder or an image but it leads nowhere .*: mend or remove the link/);
  const inside = await folder("inside", { "a/1.png": picture1 });
  symlinkSync("2.png", join(inside, "a", "3.png"));
  await refuse(inside, /a\/3.png to be a folder or an image but it leads nowhere/);
  const empty = await folder("empty", { "a/1.png": picture1, "b/.DS_Store": Buffer.from("x") });
  await refuse(empty, /Expected images in .*empty\/b but found none: put some there, or remove the folder/);
  mkdirSync(join(empty, "b", "deeper"));
  await refuse(empty, /Expected images in .*empty\/b but found none/);
  const few = await folder("few", {
    "a/1.png": picture1,
    "a/2.png": picture1,
    "b/1.png": picture1,
    "b/2.png": picture1,
  });
  await refuse(few, /every class for training but all 2 of [ab] are held out/, { validationFraction: 0.4, testFraction: 0.4 }); // prettier-ignore
  await refuse(await folder("flat", { "1.png": picture1 }), /found none \(only files, such as 1.png/);
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
