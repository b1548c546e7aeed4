import assert from "node:assert/strict";
import { test } from "node:test";
import { SampleQueue } from "../../../src/datasets/streams/sample-queue";

const kinds = [
  { sampleShape: [2], storage: "float32", pixels: false, image: false, normalised: false },
  { sampleShape: [], storage: "int32", pixels: false, image: false, normalised: false },
] as const;

/** Batches of so many samples, numbered on: sample n is [n, -n] with the target n. */
function numbered(sizes: readonly number[]) {
  let next = 0;
  const left = [...sizes];
  return () => {
    const size = left.shift();
    if (size === undefined) return Promise.resolve(null);
    const numbers = Array.from({ length: size }, () => next++);
    const inputs = Float32Array.from(numbers.flatMap((number) => [number, -number]));
    const columns = [
      { values: inputs, sampleShape: [2] },
      { values: Int32Array.from(numbers), sampleShape: [] },
    ];
    return Promise.resolve({
      size,
      columns,
      like: { inputs: [0], targets: 1, moreTargets: [], weights: null },
      names: null,
    });
  };
}

/** All that a queue gives, in portions of a size. */
async function drain(sizes: readonly number[], portion: number, shuffle: { buffer: number; keys: number[] } | null) {
  const queue = new SampleQueue(numbered(sizes), kinds, shuffle);
  const seen: number[] = [];
  while (await queue.hasMore()) {
    const into = [new Float32Array(2 * portion), new Int32Array(portion)] as const;
    const count = await queue.take(into, portion);
    assert.ok(count > 0);
    for (let at = 0; at < count; at++) {
      assert.deepEqual([into[0][2 * at], into[0][2 * at + 1]], [into[1][at], -into[1][at]!], "a sample stays together");
      seen.push(into[1][at]!);
    }
  }
  return seen;
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);

test("samples of batches of any size come in their order, in portions of any size", async () => {
  for (const portion of [1, 3, 7, 100]) assert.deepEqual(await drain([5, 1, 4, 13], portion, null), upTo(23));
});

test("a buffer gives every sample once, in an order that only its keys decide", async () => {
  const go = (portion: number, buffer: number, ...keys: number[]) => drain([5, 1, 4, 13], portion, { buffer, keys });
  for (const buffer of [2, 6, 23, 50]) {
    const found = await go(4, buffer, 7, 1);
    assert.notDeepEqual(found, upTo(23));
    assert.deepEqual(
      [...found].sort((a, b) => a - b),
      upTo(23),
    );
    assert.deepEqual(await go(9, buffer, 7, 1), found, "however the portions are cut");
    assert.notDeepEqual(await go(4, buffer, 7, 2), found, "another epoch");
    assert.notDeepEqual(await go(4, buffer, 8, 1), found, "another seed");
    // A sample cannot come before it is in the buffer.
    found.forEach((sample, at) => assert.ok(sample < at + buffer));
  }
});

test("a buffer as large as the data draws every order: each sample is first about equally often", async () => {
  const counts = new Float64Array(6);
  for (let seed = 0; seed < 1200; seed++) counts[(await drain([6], 6, { buffer: 6, keys: [seed, 1] }))[0]!]!++;
  // Six counts around 200; the chi-squared of five degrees of freedom exceeds 25 once in 7,000 times.
  const chi = counts.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
  assert.ok(chi < 25, `chi-squared ${chi}`);
});
