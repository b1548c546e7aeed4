import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { reproductionPower } from "../../src/sweeps";

interface PowerRow {
  readonly deviation: number;
  readonly effect: "none" | "published";
  readonly questions: number;
  readonly falseTables: number;
  readonly reproduced: number;
}
const rowsOf = (...args: Parameters<typeof reproductionPower>) => reproductionPower(...args).objects() as PowerRow[];

describe("made-up results through the whole procedure", () => {
  // Every paper at every scale that judges; reproduction-power.long.test.ts makes up more tables.
  const cases = [
    ["vgp", "short", 60],
    ["vgp", "paper", 60],
    ["ga", "short", 40],
    ["ga", "paper", 15],
    ["iga", "short", 60],
    ["iga", "paper", 20],
  ] as const;
  for (const [paper, scale, tables] of cases)
    test(`${paper} at ${scale}: without effect at most 5 % of tables reproduce anything, with the published ones at most 5 % refute`, () => {
      const rows = rowsOf(paper, { scale, tables });
      assert.deepEqual(
        rows.map(({ deviation, effect }) => [deviation, effect]),
        [0.005, 0.01, 0.02].flatMap((deviation) => ["none", "published"].map((effect) => [deviation, effect])),
      );
      for (const which of ["none", "published"]) {
        const found = rows.filter(({ effect }) => effect === which).map(({ falseTables }) => falseTables);
        // How far runs scatter does not matter where nothing has an effect, so that these are tables of one kind.
        assert.ok(found.reduce((sum, share) => sum + share, 0) / 3 <= 0.05, `${which}: ${found.join(", ")}`);
      }
      // The rules can say "reproduced" at all, and say it less often where runs scatter more.
      const published = rows.filter(({ effect }) => effect === "published").map(({ reproduced }) => reproduced);
      assert.ok((published[0] ?? 0) > 0.15, `${published.join(", ")}`);
      assert.ok((published[2] ?? 1) < (published[0] ?? 0), `${published.join(", ")}`);
    });
});

test("more seeds see more", () => {
  const power = (seeds: number) =>
    rowsOf("ga", { seeds, tables: 30, deviations: [0.01] }).find(({ effect }) => effect === "published")?.reproduced ??
    NaN;
  const [three, ten] = [power(3), power(10)];
  assert.ok(three < 0.2 && ten > 0.7, `${three}, ${ten}`);
});

test("a demonstration asks nothing, and one seed can show nothing", () => {
  for (const { questions } of rowsOf("ga", { scale: "demo", tables: 2 })) assert.equal(questions, 0);
  for (const { falseTables, reproduced } of rowsOf("ga", { seeds: 1, tables: 5 }))
    assert.deepEqual([falseTables, reproduced], [0, 0]);
});

test("what makes no sense is refused", () => {
  assert.throws(() => reproductionPower("ga", { tables: 0 }), /tables to be a whole number above 0 but found 0/);
  assert.throws(() => reproductionPower("ga", { deviations: [-1] }), /found -1: half a point is 0.005/);
  assert.throws(() => reproductionPower("ga", { seeds: -1 }), /seeds to be a whole number of at least 0 but found -1/);
});
