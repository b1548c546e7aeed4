import assert from "node:assert/strict";
import { test } from "node:test";
import { stratifiedSplit } from "../../src/datasets";

const counts = (labels: readonly number[], indices: Int32Array) => {
  const found = new Map<number, number>();
  for (const index of indices) found.set(labels[index]!, (found.get(labels[index]!) ?? 0) + 1);
  return found;
};
const cifar100 = Array.from({ length: 50_000 }, (_, i) => (i * 7919) % 100);

test("47,500 and 2,500 of 100 equal classes are 475 and 25 of each", () => {
  const [train, validation] = stratifiedSplit(cifar100, [47_500, 2_500], { seed: 3 });
  assert.deepEqual(new Set(counts(cifar100, train!).values()), new Set([475]));
  assert.deepEqual(new Set(counts(cifar100, validation!).values()), new Set([25]));
  assert.equal(counts(cifar100, train!).size, 100);
});

test("groups share no sample, miss none, and are ascending", () => {
  const groups = stratifiedSplit(cifar100, [40_000, 7_500, 2_500], { seed: 1 });
  const all = groups.flatMap((group) => [...group]);
  assert.equal(new Set(all).size, 50_000);
  for (const group of groups)
    assert.deepEqual(
      [...group],
      [...group].sort((a, b) => a - b),
    );
});

test("the seed decides: the same gives the same groups, another gives others", () => {
  const held = (seed: number) => [...stratifiedSplit(cifar100, [47_500, 2_500], { seed })[1]!];
  assert.deepEqual(held(5), held(5));
  const common = new Set(held(5));
  // Two independent samples of 5 % share 5 % of their members: 125 of 2,500, standard deviation about 10.
  const shared = held(6).filter((index) => common.has(index)).length;
  assert.ok(shared > 60 && shared < 190, `${shared} in common`);
});

test("sizes are exact and shares follow frequencies where classes are unequal", () => {
  const labels = [...Array<number>(70).fill(0), ...Array<number>(20).fill(1), ...Array<number>(10).fill(2)];
  const [a, b] = stratifiedSplit(labels, [75, 25], { seed: 0 });
  assert.deepEqual([a!.length, b!.length], [75, 25]);
  const held = counts(labels, b!);
  assert.deepEqual([held.get(0)! >= 17 && held.get(0)! <= 18, held.get(1), held.get(2)! >= 2], [true, 5, true]);
});

for (const [sizes, message] of [
  [[-1], "Expected the size of a split to be an integer of at least 0 but found -1"],
  [[1.5], "Expected the size of a split to be an integer of at least 0 but found 1.5"],
  [[3, 2], "Expected splits of at most 4 samples together but found 3 + 2: ask for fewer"],
] as const)
  test(`sizes ${sizes.join(", ")} of 4 samples are a RangeError`, () => {
    assert.throws(() => stratifiedSplit([0, 0, 1, 1], sizes, { seed: 0 }), { name: "RangeError", message });
  });
