import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

import { desc, table } from "arquero";

import { describe, fromDanfo, toDanfo } from "../../../src/tables";

const day = new Date(Date.UTC(2026, 0, 2));
const all = table({
  whole: [1, -2, 3],
  large: [2 ** 40, 1, 2],
  number: [1 / 3, -0, 1e-300],
  gap: [1, null, 3],
  word: ["x", "", null],
  yes: [true, false, true],
  maybe: [true, null, false],
  date: [day, new Date(1e12 + 1), null],
  none: [null, null, null],
});

test("numbers, whole numbers, booleans, text, dates and missing values come back as they were", () => {
  assert.deepEqual(fromDanfo(toDanfo(all)).objects(), all.objects());
  assert.deepEqual(fromDanfo(toDanfo(all)).columnNames(), all.columnNames());
});

test("danfo is told what each column is", () => {
  assert.deepEqual(toDanfo(all).dtypes, [
    "int32",
    "float32",
    "float32",
    "float32",
    "string",
    "boolean",
    "string",
    "string",
    "string",
  ]);
});

test("a missing number is NaN in danfo, so that arithmetic does not take it for 0", () => {
  const sum = toDanfo(table({ a: [1, null, 3] }))
    .column("a")
    .add(1) as { values: unknown };
  assert.deepEqual(sum.values, [2, NaN, 4]);
});

test("a NaN comes back as missing, or as itself where asked for", () => {
  const frame = toDanfo(table({ loss: [1, NaN] }));
  assert.deepEqual(fromDanfo(frame).array("loss"), [1, null]);
  assert.deepEqual(fromDanfo(frame, { nan: "keep" }).array("loss"), [1, NaN]);
});

test("order and filter of the table are kept", () => {
  const view = all.filter("d => d.whole > 0").orderby(desc("whole"));
  assert.deepEqual(fromDanfo(toDanfo(view)).array("whole"), [3, 1]);
});

test("a table of no rows keeps its columns", () => {
  const empty = fromDanfo(toDanfo(table({ a: [], b: [] })));
  assert.deepEqual([empty.columnNames(), empty.numRows()], [["a", "b"], 0]);
});

test("what danfo computes comes back as a table", () => {
  const frame = toDanfo(table({ model: ["a", "a", "b"], accuracy: [0.5, 0.7, 0.9] }));
  const means = frame.groupby(["model"]).col(["accuracy"]).mean();
  assert.deepEqual(fromDanfo(means).objects(), [
    { model: "a", accuracy_mean: 0.6 },
    { model: "b", accuracy_mean: 0.9 },
  ]);
});

test("danfo's describe() does not throw on what we hand it, and ours leaves missing values out where danfo's says NaN", () => {
  const gaps = table({
    loss: [1, 2, null, 6],
    other: [1, NaN, null, null],
    flag: [true, null, false, true],
    word: ["a", "b", "c", "d"],
  });
  const danfo = toDanfo(gaps).describe();
  assert.equal(danfo.at("mean", "loss") as number | undefined, NaN);
  assert.deepEqual(describe(gaps).objects(), [
    { column: "loss", count: 3, missing: 1, nan: 0, mean: 3, deviation: Math.sqrt(7), min: 1, median: 2, max: 6 },
    { column: "other", count: 1, missing: 2, nan: 1, mean: 1, deviation: null, min: 1, median: 1, max: 1 },
  ]);
});

test("columns that danfo cannot hold are errors", () => {
  assert.throws(() => toDanfo(table({ a: [{}] })), {
    name: "TypeError",
    message: "Expected a to hold numbers, text, booleans or dates but found object: leave it out",
  });
  assert.throws(() => toDanfo(table({ a: [1, "x"] })), {
    name: "TypeError",
    message: "Expected a to hold values of one type but found number and string",
  });
});

test("tables load neither danfo nor TensorFlow until a frame is asked for", () => {
  const tables = join(__dirname, "..", "..", "..", "src", "tables");
  const script = `require(${JSON.stringify(tables)}); console.log(Object.keys(require.cache).filter((f) => /danfojs|@tensorflow/.test(f)).length)`;
  assert.equal(execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }).trim(), "0");
});
