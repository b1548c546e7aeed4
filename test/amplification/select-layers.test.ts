import assert from "node:assert/strict";
import { test } from "node:test";
import { selectionSize, selectLayers } from "../../src/amplification";

test("the number of selected layers is floor(ratio · size), but at least one where the ratio is above 0", () => {
  const rows: [size: number, ratio: number, expected: number][] = [
    [16, 0, 0],
    [8, 0.1, 1],
    [16, 0.3, 4],
    [10, 0.7, 7], // 0.7 · 10 is 7.000000000000001
    [10, 0.3, 3],
    [100, 0.29, 29], // 0.29 · 100 is 28.999999999999996
    [33, 1, 33],
  ];
  for (const [size, ratio, expected] of rows) assert.equal(selectionSize(size, ratio), expected, `${ratio} of ${size}`);
});

test("a selection has no repeats, keeps forward order and follows from its seed", () => {
  const members = Array.from({ length: 20 }, (_, index) => index);
  const chosen = selectLayers(members, 0.5, 3);
  assert.equal(new Set(chosen).size, 10);
  assert.deepEqual(
    [...chosen].sort((a, b) => a - b),
    chosen,
  );
  assert.deepEqual(selectLayers(members, 0.5, 3), chosen);
  assert.notDeepEqual(selectLayers(members, 0.5, 4), chosen);
});

test("every member is selected equally often", () => {
  const counts = new Array<number>(10).fill(0);
  for (let seed = 0; seed < 4000; seed++) {
    for (const member of selectLayers(
      counts.map((_, index) => index),
      0.3,
      seed,
    ))
      counts[member]!++;
  }
  // 4000 draws of 3 in 10: 1200 expected, standard deviation 29.
  for (const count of counts) assert.ok(Math.abs(count - 1200) < 130, `${counts}`);
});
