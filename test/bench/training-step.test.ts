import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Row } from "../../bench/measure/row";
import { nativeBackend } from "../../src/tensorflow";
import { runNode } from "../support/run-node";

const program = join(__dirname, "..", "..", "bench", "run.js");
const folder = mkdtempSync(join(tmpdir(), "gradamp-bench-test-"));
after(() => rmSync(folder, { recursive: true }));

test("--help and a wrong word", () => {
  assert.match(runNode([program, "--help"]).stdout, /--only NAME/);
  const wrong = runNode([program, "--only", "vgg16"]);
  assert.deepEqual([wrong.status, wrong.stdout], [2, ""]);
  assert.match(wrong.stderr, /^Expected --only to name some of .* but found "vgg16"\n$/);
  assert.equal(runNode([program, "no-such-benchmark"]).status, 2);
});

test("a whole benchmark, tiny", { skip: nativeBackend() === null }, () => {
  const json = join(folder, "bench.json");
  const words = ["--tiny", "--only", "vgg08,eager,fit,torch,products,peak", "--seconds", "0.01", "--json", json];
  const environment = { GRADAMP_BENCH_PYTHON: "" };
  const { status, stdout, stderr } = runNode([program, ...words], { environment });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^vgg08 +eager +\d/m);
  assert.match(stdout, /^Peak: matrix product \d+ GFLOP\/s/m);
  assert.match(stdout, /vgg08 torch float32 contiguous, .*: GRADAMP_BENCH_PYTHON names no Python/);
  assert.match(stderr, /bench .* GFLOP in /);
  const written = JSON.parse(readFileSync(json, "utf8")) as Record<string, Record<string, unknown>>;
  assert.deepEqual(Object.keys(written["machine"]!).slice(0, 2), ["cpu", "cores"]);
  assert.deepEqual(Object.keys(written["versions"]!).sort(), ["gradamp", "node", "tensorflow", "tfjs"]);
  assert.deepEqual(Object.keys(written["peak"]!), ["float32", "bfloat16", "copy"]);
  const shapes = (name: string) =>
    (written[name] as unknown as Row[]).map(({ msPerStep, spread, runs, variant: _, others: __, ...rest }) => ({
      ...rest,
      runs: runs.length,
      numbers: [msPerStep > 0, spread >= 0, runs.every((ms) => ms > 0)],
    }));
  const common = { network: "vgg08", batch: 8, runs: 5, numbers: [true, true, true] };
  assert.deepEqual(shapes("rows"), [
    { ...common, engine: "eager", precision: "float32" },
    { ...common, engine: "fit", precision: "float32" },
  ]);
  assert.deepEqual(shapes("products"), [
    { ...common, engine: "products", precision: "float32" },
    { ...common, engine: "products", precision: "bfloat16" },
  ]);
});
