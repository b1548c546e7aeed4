import assert from "node:assert/strict";
import { test } from "node:test";

import { bestBy, bestEpoch } from "../../src/rows";
import { epochRow } from "../tables/sample-runs";

const rows = (column: string, values: readonly (number | null)[]) =>
  values.map((value, at) =>
    epochRow({ epoch: at + 1, validationLoss: null, validationAccuracy: null, [column]: value }),
  );

test("the best epoch has the highest accuracy or the lowest loss, and is the earliest of equal ones", () => {
  for (const [column, values, epoch] of [
    ["validationAccuracy", [0.1, 0.5, 0.5, 0.4], 2],
    ["validationAccuracy", [null, NaN, 0.2], 3],
    ["validationLoss", [2, 1, 1, 3], 2],
    ["validationLoss", [NaN, Infinity, 5, -Infinity], 3],
    ["trainLoss", [3, null, 2], 3],
    ["testAccuracy", [null, NaN], undefined],
  ] as const) {
    assert.equal(bestBy(rows(column, values), column)?.epoch, epoch, `${column}: ${values.join(", ")}`);
  }
});

test("a run is judged by validation: accuracy, or loss where there are no classes, or not at all", () => {
  assert.deepEqual(bestEpoch(rows("validationLoss", [2, 1])), {
    epoch: 2,
    validationLoss: 1,
    validationAccuracy: null,
  });
  const both = rows("validationAccuracy", [0.3, 0.2]).map((row) => ({
    ...row,
    validationLoss: row.epoch === 1 ? 9 : 1,
  }));
  assert.deepEqual(bestEpoch(both), { epoch: 1, validationLoss: 9, validationAccuracy: 0.3 });
  assert.equal(bestEpoch(rows("trainLoss", [1])), null);
  assert.equal(bestEpoch([]), null);
});
