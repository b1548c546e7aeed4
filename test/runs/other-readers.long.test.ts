import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { compact, exportRows, readRun, saveRun, writeRunInfo, writeSegment } from "../../src/runs";
import { listCheckpoints } from "../../src/runs/checkpoints/checkpoint";
import { runRecord } from "../tables/sample-runs";
import { data, keep, newModel } from "./recording/support";
import { gradientRows, temporaryFolder } from "./support";

/** A Python that has the readers: GRADAMP_PYTHON, or one made with pip for these tests. */
let made: string | null = null;
const own = mkdtempSync(join(tmpdir(), "gradamp-readers-"));
after(() => rmSync(own, { recursive: true, force: true }));
function python(): string {
  const given = process.env["GRADAMP_PYTHON"] ?? made;
  if (given !== null) return given;
  const venv = join(own, "venv");
  execFileSync("python3", ["-m", "venv", venv]);
  const bin = join(venv, existsSync(join(venv, "bin")) ? "bin" : "Scripts");
  const packages = ["pyarrow", "polars", "duckdb", "safetensors", "numpy", "tensorboard"];
  execFileSync(join(bin, "pip"), ["install", "--quiet", ...packages]);
  return (made = join(bin, "python"));
}

/** What a Python program prints as its last line, which is JSON. */
function ask(program: string, ...words: string[]): Record<string, unknown> {
  const printed = execFileSync(python(), ["-W", "ignore", "-c", program, ...words], { encoding: "utf8" });
  return JSON.parse(printed.trim().split("\n").at(-1)!) as Record<string, unknown>;
}

const script = `
import sys, json, glob
import pyarrow as pa, pyarrow.ipc, pyarrow.dataset, polars
folder = sys.argv[1]
one, = glob.glob(folder + "/a/gradients/*.arrow")
table = pa.ipc.open_file(one).read_all()
table.validate(full=True)
frame = polars.read_ipc(one)
both = pa.dataset.dataset(sorted(glob.glob(folder + "/*/gradients/*.arrow")), format="ipc").to_table()
print(json.dumps({
  "schema": [[f.name, str(f.type)] for f in table.schema],
  "rows": table.to_pylist(),
  "polars": frame.to_dicts(),
  "sum": sum(both["meanAbs"].to_pylist()),
  "count": both.num_rows,
}))
`;

test("pyarrow and polars read what a run wrote", (t) => {
  const folder = temporaryFolder(t);
  const info = { name: "a", model: "VGG08", parameters: 1, dataset: "d", options: {}, status: "finished" };
  const rows = [1, 2].map((epoch) =>
    gradientRows(1, epoch, ["conv", "bn"]).map((row) => (epoch === 2 ? { ...row, l2: 1 / 3 } : row)),
  );
  for (const run of ["a", "b"]) {
    writeRunInfo(join(folder, run), info);
    for (const part of rows) writeSegment(join(folder, run), "gradients", part);
  }
  compact(join(folder, "a"), "gradients");
  const read = ask(script, folder);
  const expected = rows.flat().map((row) => ({ ...row, l2: "l2" in row ? row.l2 : null }));
  const text = "dictionary<values=string, indices=int32, ordered=0>";
  assert.deepEqual(read["schema"], [
    ["epoch", "int32"],
    ["step", "int32"],
    ["index", "int32"],
    ["layer", text],
    ["weight", text],
    ["size", "int32"],
    ["meanAbs", "double"],
    ["l2", "double"],
  ]);
  assert.deepEqual(read["rows"], expected);
  assert.deepEqual(read["polars"], expected);
  assert.equal(read["count"], 8);
  assert.ok(Math.abs(Number(read["sum"]) - 2 * expected.reduce((sum, row) => sum + row.meanAbs, 0)) < 1e-12);
});

test("DuckDB reads exported Parquet: names, types, values, NaN and null", (t) => {
  const folder = temporaryFolder(t);
  const record = runRecord({ name: "a", model: "VGG08", options: {} }, [
    { trainLoss: 1 / 3, validationLoss: null, amplifiedLayers: 3 },
    { trainLoss: NaN, validationLoss: Infinity },
  ]);
  const gradients = gradientRows(1, 1, ["conv", "bn"]).map((row, at) => (at === 0 ? { ...row, l2: 0.1 } : row));
  saveRun({ ...record, gradients }, join(folder, "runs", "a"));
  exportRows(join(folder, "runs"), join(folder, "epochs.parquet"), { rows: "epochs" });
  exportRows(join(folder, "runs"), join(folder, "gradients.parquet"));
  const read = ask(
    `
import sys, json, duckdb
folder = sys.argv[1]
def rows(sql): return [list(row) for row in duckdb.sql(sql.replace("$", folder)).fetchall()]
print(json.dumps({
  "types": rows("select column_name, column_type from (describe select * from '$/epochs.parquet')"),
  "epochs": rows("select run, epoch, trainLoss::varchar, validationLoss::varchar, amplifiedLayers from '$/epochs.parquet' order by epoch"),
  "gradients": rows("select layer, weight, size, meanAbs, l2 from '$/gradients.parquet' order by index"),
}))`,
    folder,
  );
  const types = Object.fromEntries(read["types"] as [string, string][]);
  assert.deepEqual(
    [types["run"], types["epoch"], types["trainLoss"], types["testAccuracy"], types["parameters"]],
    ["VARCHAR", "INTEGER", "DOUBLE", "DOUBLE", "INTEGER"],
  );
  assert.deepEqual(read["epochs"], [
    ["a", 1, "0.3333333333333333", null, 3],
    ["a", 2, "nan", "inf", record.epochs[1]!.amplifiedLayers],
  ]);
  assert.deepEqual(
    read["gradients"],
    gradients.map((row) => [row.layer, row.weight, row.size, row.meanAbs, "l2" in row ? row.l2 : null]),
  );
});

test("Python reads a checkpoint with safetensors", async (t) => {
  const folder = join(temporaryFolder(t), "a");
  const { weights } = await keep({ folder });
  const read = ask(
    `
import sys, json
from safetensors.numpy import load_file
tensors = load_file(sys.argv[1])
print(json.dumps({name: [list(value.shape), value.astype("float64").ravel().tolist()] for name, value in tensors.items()}))`,
    listCheckpoints(folder).at(-1)!.path,
  );
  const model = newModel();
  model.weights.forEach((weight, at) => {
    const [shape, values] = read[`model/${weight.originalName}`] as [number[], number[]];
    assert.deepEqual([shape, values], [weight.shape, weights[at]], weight.originalName);
  });
  const slots = Object.keys(read).filter((name) => name.startsWith("optimizer/"));
  assert.equal(slots.length, model.trainableWeights.length);
});

test("TensorBoard's own reader finds every loss, rate, norm and histogram of a run that was stopped in between", async (t) => {
  const folder = join(temporaryFolder(t), "a");
  const measured = {
    ...{ epochs: 4, batchSize: 20, seed: 1, engine: "eager" as const },
    measure: { statistics: ["norms" as const, "histogram" as const] },
  };
  await keep({ folder, tensorBoard: true, until: 2 }, measured);
  await keep({ folder, tensorBoard: true }, measured);
  const read = ask(
    `
import sys, json
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "histograms": 0})
events.Reload()
print(json.dumps({
  "scalars": {tag: [[e.step, e.value] for e in events.Scalars(tag)] for tag in events.Tags()["scalars"]},
  "histograms": {tag: [[e.step, e.histogram_value.num, e.histogram_value.bucket_limit, e.histogram_value.bucket] for e in events.Histograms(tag)] for tag in events.Tags()["histograms"]},
}))`,
    join(folder, "tensorboard"),
  );
  const run = readRun(folder);
  const steps = data.train.size / 20;
  const scalars = read["scalars"] as Record<string, [number, number][]>;
  const series = (of: (row: (typeof run.epochs)[number]) => number) =>
    run.epochs.map((row) => [row.epoch * steps, Math.fround(of(row))]);
  assert.deepEqual(
    scalars["loss/train"],
    series((row) => row.trainLoss),
  );
  assert.deepEqual(
    scalars["accuracy/validation"],
    series((row) => row.validationAccuracy!),
  );
  assert.deepEqual(
    scalars["rates/learningRate"],
    series((row) => row.learningRate),
  );
  assert.deepEqual(scalars["loss/test"], [[4 * steps, Math.fround(run.epochs[3]!.testLoss!)]]);
  for (const { layer, weight } of run.gradients.filter((row) => row.epoch === 1)) {
    const rows = run.gradients.filter((row) => row.layer === layer && row.weight === weight);
    for (const column of ["meanAbs", "l2", "maxAbs"])
      assert.deepEqual(
        scalars[`gradients/${column}/${layer}/${weight}`],
        rows.map((row) => [row.step, Math.fround(Number(row[column]))]),
      );
  }
  const histograms = read["histograms"] as Record<string, [number, number, number[], number[]][]>;
  assert.ok(run.histograms!.length > 0);
  for (const { layer, weight, step, counts, low, high } of run.histograms!) {
    const found = histograms[`gradients/log2/${layer}/${weight}`]!.find(([at]) => at === step)!;
    const total = counts.reduce((sum, count) => sum + count, 0);
    // TensorBoard joins empty buckets at either end.
    assert.deepEqual([found[1], found[3].filter((count) => count > 0)], [total, counts.filter((count) => count > 0)]);
    assert.ok(found[2].every((limit) => limit >= low && limit <= high + 1e-9));
  }
});
