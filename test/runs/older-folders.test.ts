import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { rowKinds } from "../../src/rows";
import { readRun, runs, writeSegment } from "../../src/runs";
import { writeColumns } from "../../src/runs/segments/write-segment";
import { readRows } from "../../src/runs/segments/read-rows";
import { temporaryFolder } from "./support";

const fixtures = join(__dirname, "..", "..", "..", "test", "fixtures", "run-folders");
const expected = JSON.parse(readFileSync(join(fixtures, "finished-rows.json"), "utf8")) as Record<
  string,
  { count: number; first: object; last: object }
>;

/** What there is of a kind; of those that version 0.1.0 did not know, nothing. */
const known = (kind: string) => expected[kind] ?? { count: 0, first: undefined, last: undefined };

test("a run folder of version 0.1.0 reads as that version read it", () => {
  const run = readRun(join(fixtures, "finished"));
  for (const kind of rowKinds) {
    const rows: readonly object[] = run[kind] ?? [];
    assert.deepEqual({ count: rows.length, first: rows[0], last: rows.at(-1) }, known(kind), kind);
  }
});

test("and opens as a table of each kind", () => {
  for (const kind of rowKinds) {
    const table = runs(join(fixtures, "finished"), { rows: kind });
    assert.equal(table.numRows(), known(kind).count, kind);
    if (known(kind).count > 0)
      assert.equal(table.get("epoch", 0), (expected[kind]?.first as { epoch: number }).epoch, kind);
  }
});

test("a column of nothing but nulls goes with one of words, as where a run of random selections stands beside others", (t) => {
  const folder = temporaryFolder(t);
  const random = join(folder, "random");
  cpSync(join(fixtures, "finished"), join(folder, "by-gradients"), { recursive: true });
  cpSync(join(fixtures, "finished", "run.json"), join(random, "run.json"));
  const row = {
    ...{ epoch: 1, stage: 0, index: 0, layer: "a", selected: true, ampFactor: 2, by: "random" as const, ampRatio: 1 },
    ...{ analysed: null, ratio: null, normalized: null, threshold: null, sides: null },
  };
  // Version 0.1.0 knew a column's type from its values alone.
  const nulls = { type: "number" as const, values: [null] };
  const old = { epoch: { type: "integer" as const, values: [1] }, layer: { type: "text" as const, values: ["a"] } };
  writeColumns(random, "selections", { first: 1, last: 1, rows: 1 }, { ...old, sides: nulls });
  writeSegment(random, "selections", [row]);
  assert.deepEqual(
    readRows(random, "selections").map(({ sides }) => sides),
    [null, null],
  );
  const sides = runs(folder, { rows: "selections" }).array("sides") as (string | null)[];
  assert.deepEqual(new Set(sides), new Set(["both", null]));
  assert.deepEqual([...(runs(random, { rows: "selections" }).array("sides") as (string | null)[])], [null, null]);
});
