import assert from "node:assert/strict";
import { test } from "node:test";
import { deriveSeed, torchUniform } from "../../src/layers";

test("values fill ±1/√fanIn evenly and the seed fixes them", () => {
  const values = torchUniform({ fanIn: 25, seed: 3 }).apply([100, 100]).dataSync() as Float32Array;
  const bound = 0.2;
  assert.ok(values.every((value) => Math.abs(value) <= bound));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  // Four standard errors of 10,000 uniform numbers.
  assert.ok(Math.abs(mean) < (4 * bound) / Math.sqrt(3 * values.length), `mean ${mean}`);
  assert.ok(Math.abs(variance / (bound ** 2 / 3) - 1) < 4 * Math.sqrt(0.8 / values.length), `variance ${variance}`);
  assert.deepEqual(torchUniform({ fanIn: 25, seed: 3 }).apply([100, 100]).dataSync(), values);
  assert.notDeepEqual(torchUniform({ fanIn: 25, seed: 4 }).apply([100, 100]).dataSync(), values);
});

test("it serialises as tfjs's RandomUniform", () => {
  const initializer = torchUniform({ fanIn: 25, seed: 3 });
  assert.equal(initializer.getClassName(), "RandomUniform");
  assert.deepEqual(initializer.getConfig(), { minval: -0.2, maxval: 0.2, seed: 3 });
});

test("a seed of 0, which tfjs takes for none, and a fan-in of 0 are refused", () => {
  assert.throws(() => torchUniform({ fanIn: 9, seed: 0 }), /other than 0, or null, but found 0/);
  assert.throws(() => torchUniform({ fanIn: 0, seed: 1 }), RangeError);
});

test("derived seeds differ by name and by seed, are never 0, and are the same in every process", () => {
  const seeds = new Set<number>();
  for (let seed = 0; seed < 100; seed++) for (const name of ["a", "b", "ab", "ba"]) seeds.add(deriveSeed(seed, name));
  assert.equal(seeds.size, 400);
  assert.ok([...seeds].every((seed) => Number.isInteger(seed) && seed > 0 && seed < 2 ** 31));
  assert.equal(deriveSeed(0, "block_0_0_conv_0/kernel"), deriveSeed(0, "block_0_0_conv_0/kernel"));
});
