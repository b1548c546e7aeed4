import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";

import { op } from "arquero";

import { compact, runs, saveRun, writeRunInfo, writeSegment } from "../../src/runs";
import type { GradientRow } from "../../src/rows";
import { runRecord } from "../tables/sample-runs";
import { gradientRows, temporaryFolder } from "./support";

const layers = ["conv", "bn", "dense"];

/** Three runs of 4, 2 and 0 epochs, the second in a folder of its own and in two segments. */
function sample(t: TestContext): { folder: string; rows: (GradientRow & { run: string })[] } {
  const folder = temporaryFolder(t);
  const rows = (run: number, epochs: number[]) => epochs.flatMap((epoch) => gradientRows(run, epoch, layers));
  const first = {
    ...runRecord({ name: "A", model: "VGG08", options: { seed: 1 } }, [{ trainLoss: 3 }, { trainLoss: 2 }]),
    gradients: rows(1, [1, 2, 3, 4]),
  };
  saveRun(first, join(folder, "a"));
  const info = {
    name: "B",
    model: "VGG38",
    parameters: 338_500,
    dataset: "cifar-100",
    options: { seed: 2 },
    status: "running",
  };
  writeRunInfo(join(folder, "sweep", "b"), info);
  const second = [rows(2, [1]), rows(2, [2]).map((row) => ({ ...row, l2: row.index, note: "x" }))];
  for (const part of second) writeSegment(join(folder, "sweep", "b"), "gradients", part);
  saveRun(runRecord({ name: "C", model: "VGG08", options: {} }, []), join(folder, "c"));
  return {
    folder,
    rows: [
      ...first.gradients.map((row) => ({ ...row, run: "a" })),
      ...second.flat().map((row) => ({ ...row, run: "sweep/b" })),
    ],
  };
}

const pick = (row: object, names: string[]) => names.map((name) => (row as Record<string, unknown>)[name] ?? null);
const own = ["run", "epoch", "step", "index", "layer", "weight", "size", "meanAbs", "l2", "note"];

test("all runs beneath a folder are one table, with what each run is in front", (t) => {
  const { folder, rows } = sample(t);
  const all = runs(folder, { rows: "gradients" });
  assert.deepEqual(all.columnNames(), [
    "run",
    "model",
    "dataset",
    "parameters",
    "status",
    "epoch",
    "step",
    "index",
    "layer",
    "weight",
    "size",
    "meanAbs",
    "l2",
    "note",
  ]);
  assert.equal(all.numRows(), 18);
  assert.deepEqual(
    all.objects().map((row) => pick(row, own)),
    rows.map((row) => pick(row, own)),
  );
  assert.deepEqual([...new Set(all.array("model"))], ["VGG08", "VGG38"]);
  assert.deepEqual(all.get("status", 17), "running");
});

test("the same comes out row by row, column by column, and after the columns are loaded", (t) => {
  const { folder, rows } = sample(t);
  const all = runs(folder, { rows: "gradients" });
  for (const name of own) {
    const expected = rows.map((row) => pick(row, [name])[0]);
    // Single rows first, which are looked up in their segment, from both ends; then the whole column.
    assert.deepEqual(
      [all.get(name, 17), all.get(name, 0), all.get(name, 12)],
      [expected[17], expected[0], expected[12]],
      name,
    );
    for (let pass = 0; pass < 5; pass++)
      assert.deepEqual(Array.from(all.array(name) as unknown[]), expected, `${name}, pass ${pass}`);
  }
});

test("filters and groups as any arquero table", (t) => {
  const { folder } = sample(t);
  const all = runs(folder, { rows: "gradients" });
  assert.equal(all.filter("d => d.run === 'sweep/b' && d.layer !== 'bn'").numRows(), 4);
  assert.equal(all.filter("d => d.run === 'nobody'").numRows(), 0);
  assert.equal(all.filter("d => d.epoch > 2").numRows(), 6);
  assert.deepEqual(
    all
      .groupby("layer")
      .rollup({ n: op.count(), last: op.max("epoch") })
      .objects(),
    layers.map((layer) => ({ layer, n: 6, last: 4 })),
  );
  assert.deepEqual(all.filter("d => d.epoch > 2").groupby("model", "layer").count().array("count"), [2, 2, 2]);
  assert.deepEqual(all.groupby("note").count().objects(), [
    { note: "x", count: 3 },
    { note: null, count: 15 },
  ]);
});

test("columns from run.json", (t) => {
  const { folder } = sample(t);
  const seeds = runs(folder, {
    rows: "gradients",
    columns: { seed: (run) => (run.options["seed"] as number | undefined) ?? null },
  });
  assert.deepEqual(seeds.groupby("seed").count().objects(), [
    { seed: 1, count: 12 },
    { seed: 2, count: 6 },
  ]);
  assert.equal(seeds.filter("d => d.seed === 2").numRows(), 6);
  assert.throws(() => runs(folder, { rows: "gradients", columns: { epoch: () => 1 } }), {
    name: "RangeError",
    message: /found epoch in columns/,
  });
});

test("rows can be epochs or runs", (t) => {
  const { folder } = sample(t);
  assert.deepEqual(runs(folder, { rows: "epochs" }).select("run", "epoch", "trainLoss", "validationLoss").objects(), [
    { run: "a", epoch: 1, trainLoss: 3, validationLoss: null },
    { run: "a", epoch: 2, trainLoss: 2, validationLoss: null },
  ]);
  const own = runs(folder);
  assert.deepEqual(own.objects(), runs(folder, { rows: "runs" }).objects());
  assert.deepEqual(own.select("run", "model", "status", "epochs", "trainLoss", "testLoss", "seconds").objects(), [
    { run: "a", model: "VGG08", status: "finished", epochs: 2, trainLoss: 2, testLoss: null, seconds: 2 },
    { run: "c", model: "VGG08", status: "finished", epochs: 0, trainLoss: null, testLoss: null, seconds: null },
    { run: "sweep/b", model: "VGG38", status: "running", epochs: 0, trainLoss: null, testLoss: null, seconds: null },
  ]);
});

test("one run's own folder opens too", (t) => {
  const { folder } = sample(t);
  const one = runs(join(folder, "a"), { rows: "gradients" });
  assert.deepEqual([one.numRows(), one.get("run", 0)], [12, "."]);
});

describe("only the columns that are used are read", () => {
  test("a table of runs opens, counts and names its columns without touching rows", (t) => {
    const { folder } = sample(t);
    // Beyond header and end, nothing: a file changed between them opens, and tells so when a column is used.
    const segments = join(folder, "a", "gradients");
    const path = join(segments, readdirSync(segments)[0] ?? "");
    const bytes = readFileSync(path);
    bytes[2500]! ^= 1;
    writeFileSync(path, bytes);
    const all = runs(folder, { rows: "gradients" });
    assert.equal(all.filter("d => d.run === 'sweep/b'").numRows(), 6);
    assert.throws(() => all.get("meanAbs", 0), /gradients\/000001-000001\.12\.[0-9a-f]{8}\.arrow to have the checksum/);
    assert.throws(() => all.filter("d => d.meanAbs > 0"), /to have the checksum/);
  });

  test("a column that was read once needs the files no more", (t) => {
    const { folder, rows } = sample(t);
    const all = runs(folder, { rows: "gradients" });
    for (let pass = 0; pass < 5; pass++) all.array("meanAbs");
    rmSync(folder, { recursive: true });
    assert.deepEqual(
      Array.from(all.array("meanAbs") as number[]),
      rows.map((row) => row.meanAbs),
    );
    assert.throws(
      () => all.filter("d => d.size > 1"),
      /Expected 12 rows of gradients in .* but found 0: it changed after it was opened/,
    );
  });

  test("only names the columns", (t) => {
    const { folder } = sample(t);
    assert.deepEqual(runs(folder, { rows: "gradients", only: ["run", "meanAbs"] }).columnNames(), ["run", "meanAbs"]);
    assert.throws(() => runs(folder, { rows: "gradients", only: ["loss"] }), {
      name: "RangeError",
      message: /found loss: they have run, model/,
    });
  });
});

test("runs that go on or are compacted meanwhile are shown as they were when they were opened", (t) => {
  const { folder, rows } = sample(t);
  const all = runs(folder, { rows: "gradients" });
  writeSegment(join(folder, "sweep", "b"), "gradients", gradientRows(2, 3, layers));
  compact(join(folder, "sweep", "b"), "gradients");
  assert.deepEqual(
    Array.from(all.array("meanAbs") as number[]),
    rows.map((row) => row.meanAbs),
  );
  assert.deepEqual(all.get("layer", 17), "dense");
  assert.equal(runs(folder, { rows: "gradients" }).numRows(), 21);
});

test("a folder without runs is an error", (t) => {
  assert.throws(() => runs(temporaryFolder(t)), {
    name: "RangeError",
    message: /Expected folders with a run\.json in .* but found none/,
  });
});
