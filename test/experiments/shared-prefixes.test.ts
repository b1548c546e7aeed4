import assert from "node:assert/strict";
import { test } from "node:test";
import { sharedPrefixes, trials } from "../../src/experiments";

const keysAt = (list: ReturnType<typeof trials>, epochs: number) =>
  new Set(list.flatMap((trial) => sharedPrefixes(trial).filter((one) => one.epochs === epochs).map(({ key }) => key))); // prettier-ignore

test("S2 trials of a network share 50 epochs, and 100 with those of their first ratio and group", () => {
  const s2 = trials("ga", { part: "s2" });
  assert.equal(keysAt(s2, 50).size, 3);
  assert.equal(keysAt(s2, 100).size, 11 * 4);
  // β = 0 in 101–130 amplifies nothing there, whatever the group, but 51–100 did.
  assert.equal(keysAt(s2, 150).size, 484);
  const epochs = 3 * 50 + 44 * 50 + 484 * 50;
  assert.equal(epochs, 26_550, "instead of 72,600");
});

test("S1 and S2 trials and the first baseline share their prefixes", () => {
  const [baseline] = trials("ga", { part: "baseline" });
  const vgg = [...trials("ga", { part: "s1" }), ...trials("ga", { part: "s2" })].filter(({ model }) => model.name === "vgg19"); // prettier-ignore
  assert.equal(keysAt([baseline!, ...vgg], 50).size, 1);
  // With β = 0 throughout, three groups of S1 are the original itself.
  const same = sharedPrefixes(baseline!).at(-1)!.key;
  assert.equal(vgg.filter((trial) => sharedPrefixes(trial).at(-1)!.key === same).length, 3);
});

test("trials of the 2023 paper share the analysed epoch across measures, cases and thresholds", () => {
  const params1 = trials("iga", { part: "params1" });
  const analysed = params1.map((trial) => sharedPrefixes(trial).find((one) => one.analysed)!);
  assert.deepEqual([...new Set(analysed.map(({ epochs }) => epochs))], [51]);
  assert.equal(new Set(analysed.map(({ key }) => key)).size, 3 * 2);
  assert.equal(keysAt(params1, 150).size, 456);
  const deep = trials("iga", { part: "params2" }).map(
    (trial) => sharedPrefixes(trial).find((one) => one.analysed)!.epochs,
  );
  assert.deepEqual([...new Set(deep)], [11]);
});

test("whatever changes a number changes the key", () => {
  const [trial] = trials("ga", { part: "s2" });
  const first = sharedPrefixes(trial!)[0]!.key;
  for (const other of [
    { ...trial!, seed: 1 },
    { ...trial!, batchSize: 64 },
    { ...trial!, optimizer: { name: "sgd", momentum: 0.9, weightDecay: 5e-4 } as const },
    { ...trial!, clipNorm: 1 },
    { ...trial!, stages: { ...trial!.stages!, resetOptimizer: false } },
  ]) {
    assert.notEqual(sharedPrefixes(other)[0]!.key, first);
  }
  // The name does not, and nor does what is amplified only later.
  const scope = { ...trial!, name: "other", stages: { ...trial!.stages!, scope: "parameters" as const } };
  assert.equal(sharedPrefixes(scope)[0]!.key, first);
  assert.notEqual(sharedPrefixes(scope)[1]!.key, sharedPrefixes(trial!)[1]!.key);
});

test("a trial without stages shares only what is the same to its end", () => {
  const [eight, deep] = trials("vgp");
  assert.deepEqual(sharedPrefixes(eight!).map(({ epochs }) => epochs), [100]); // prettier-ignore
  assert.notEqual(sharedPrefixes(eight!)[0]!.key, sharedPrefixes(deep!)[0]!.key);
});
