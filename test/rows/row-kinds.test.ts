import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { tableFromIPC } from "@uwdata/flechette";

import { columnType, emptyRows, liveKinds, ROW_KINDS, type RowKind, rowKinds, type RunRecord } from "../../src/rows";
import { exportRows, readRun, runs, saveRun } from "../../src/runs";
import { rowEvents } from "../../src/runs/tensorboard/run-events";
import { readLaterRows } from "../../src/runs/segments/read-later-rows";
import { recordEvents } from "../../src/live/record-events";
import { temporaryFolder } from "../runs/support";

/** A value of each column, `null` where it may be. */
function rowOf(kind: RowKind, nulls: boolean): Record<string, unknown> {
  const values = { integer: 1, number: 0.5, text: "word", flag: true, counts: [1, 0, 7] };
  return Object.fromEntries(
    Object.keys(ROW_KINDS[kind].columns).map((column) => {
      const type = columnType(kind, column)!;
      const plain = type.replace("?", "") as keyof typeof values;
      return [column, nulls && type.endsWith("?") ? null : values[plain]];
    }),
  );
}

const facts = { name: "a", model: "m", parameters: 1, dataset: "d", options: {} };
const record = {
  ...facts,
  ...Object.fromEntries(rowKinds.map((kind) => [kind, [rowOf(kind, false), rowOf(kind, true)]])),
} as unknown as RunRecord;

test("what has an entry is stored and read back, whatever its columns", (t) => {
  const folder = join(temporaryFolder(t), "a");
  saveRun(record, folder);
  assert.deepEqual(readRun(folder), record);
  for (const kind of rowKinds) assert.deepEqual(readLaterRows(folder, kind, 1), record[kind]?.slice(1), kind);
});

test("columns stand in the order of the table, and are of its types in what is exported", (t) => {
  const folder = temporaryFolder(t);
  saveRun(record, join(folder, "a"));
  for (const kind of rowKinds) {
    const declared = Object.keys(ROW_KINDS[kind].columns);
    const flat = declared.flatMap((column) => (column === "counts" ? ["bin0", "bin1", "bin2"] : [column]));
    const names = runs(folder, { rows: kind }).columnNames().slice(5);
    assert.deepEqual(names, flat, kind);
    const file = join(folder, `${kind}.arrow`);
    assert.equal(exportRows(folder, file, { rows: kind }), 2);
    const { schema } = tableFromIPC(readFileSync(file));
    for (const { name, type } of schema.fields.slice(5)) {
      const plain = (columnType(kind, name) ?? "integer").replace("?", "");
      assert.equal(type.typeId, { text: -1, number: 3, integer: 2, flag: 2 }[plain], `${kind}.${name}`);
    }
  }
});

test("what has an entry is followed live and told to TensorBoard as the entry says", () => {
  const events = recordEvents(record);
  for (const kind of liveKinds) {
    const { when } = ROW_KINDS[kind];
    const told = events.filter((event) => event.kind === (when === "ahead" ? "selection" : "epoch"));
    assert.ok(told.length > 0, kind);
    if (when === "measured") assert.ok(kind in told[0]!, kind);
  }
  for (const kind of rowKinds) {
    const { tags } = ROW_KINDS[kind];
    assert.equal(rowEvents(kind, rowOf(kind, false)).length, Object.keys(tags).length, kind);
  }
  assert.deepEqual(
    rowEvents("gradients", { ...rowOf("gradients", false), l2: 3 }).map(({ tag }) => tag),
    ["gradients/meanAbs/word/word", "gradients/l2/word/word"],
  );
});

test("no rows of any kind are an empty list each", () => {
  assert.deepEqual(
    Object.entries(emptyRows()),
    rowKinds.map((kind) => [kind, []]),
  );
});
