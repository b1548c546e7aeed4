import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { dataset, embedded, imageFolder, stream } from "../../../src/datasets";
import { displayOf } from "../../../src/display/values";
import { tf } from "../../../src/tensorflow";
import { writeImageFolder } from "../../support/image-folder";

/** How a value shows itself. */
const shown = (value: object) => {
  const bundle = displayOf(value) as { "text/html": string; "text/plain": string };
  return { html: bundle["text/html"], plain: bundle["text/plain"] };
};

test("a data set shows sizes, shapes, classes with their samples, and images of every class", () => {
  const data = embedded({ train: 40, validation: 20, test: 0 });
  const before = tf.memory().numTensors;
  const { html, plain } = shown(data);
  assert.equal(tf.memory().numTensors, before);
  assert.match(
    plain,
    /^Data set embedded: train 40, validation 20\ninputs \[32, 32, 3\] 8-bit pixels, targets one number int32\n/,
  );
  const counts = [...plain.matchAll(/: (\d+) \/ (\d+)$/gm)].map(([, train, validation]) => [
    Number(train),
    Number(validation),
  ]);
  assert.equal(counts.length, 10);
  assert.deepEqual(counts.reduce(([a, b], [c, d]) => [a! + c!, b! + d!], [0, 0]), [40, 20]); // prettier-ignore
  const names = [...html.matchAll(/<img [^>]*alt="([^"]*)"/g)].map(([, name]) => name);
  assert.equal(names.length, 24);
  assert.deepEqual(names.slice(0, 10), data.classNames);
  data.dispose();
  assert.equal(shown(data).plain, "Data set embedded, disposed");
});

test("the pictures have the data's pixels", async () => {
  const images = { values: new Uint8Array([255, 0, 0, 0, 0, 255, 10, 20, 30, 250, 240, 230]), sampleShape: [1, 2, 3] };
  const data = await dataset({ train: { inputs: images, targets: [0, 1] } });
  const [, address] = /src="data:image\/png;base64,([^"]*)"/.exec(shown(data).html)!;
  const { node } = tf as unknown as { node: { decodePng(content: Uint8Array): { arraySync(): number[][][] } } };
  const pixels = tf.tidy(() => node.decodePng(Buffer.from(address!, "base64")).arraySync());
  assert.deepEqual(pixels.flat(2).slice(0, 8), [255, 0, 0, 255, 0, 0, 255, 255]);
  data.dispose();
});

test("data of other kinds show what they have", async () => {
  const numbers = await dataset({
    train: { several: [[[1, 2], [3, 4]], [5, 6]], severalTargets: [[0.5, 1.5], [[1, 0], [0, 1]]], weights: [1, 2] },
  }); // prettier-ignore
  const text = shown(numbers).plain;
  assert.match(text, /train 2\ninputs 0 \[2\] float32, inputs 1 one number float32, targets 0 one number float32, targets 1 \[2\] float32, weights one number float32$/); // prettier-ignore
  numbers.dispose();
  const streamed = await stream({ train: () => [[tf.zeros([3, 2]), [0, 1, 0]]], name: "<mine>" });
  assert.equal(
    shown(streamed).plain,
    "Data set <mine>: train of unknown size\ninputs [2] float32, targets one number int32",
  );
  assert.ok(shown(streamed).html.includes("&lt;mine&gt;"));
  streamed.dispose();
  const root = mkdtempSync(join(tmpdir(), "gradamp-shown-"));
  const folder = await imageFolder(await writeImageFolder(root, [4, 2]), {
    lazy: true,
    validationFraction: 0,
    name: "folder",
  });
  assert.match(shown(folder).plain, /train 6\n.*\n {2}class0: 4\n {2}class1: 2$/);
  folder.dispose();
  rmSync(root, { recursive: true });
});
