import assert from "node:assert/strict";
import { test } from "node:test";
import { compare } from "../../bench/measure/compare";
import type { EngineName } from "../../bench/measure/engines";
import { machine } from "../../bench/measure/machine";
import { parseOptions } from "../../bench/measure/parse-options";
import { mergeResults } from "../../bench/measure/merge-results";
import { performanceTables } from "../../bench/measure/performance-tables";
import { type Results, resultsJson, type WrittenResults } from "../../bench/measure/results-json";
import type { Row } from "../../bench/measure/row";

const row = (engine: EngineName, msPerStep: number): Row => ({
  ...{ network: "vgg08", engine, precision: "float32", batch: 100, variant: null },
  ...{ msPerStep, spread: 2, runs: [msPerStep], others: [] },
});

const rows = [row("graph", 40), row("torch", 50), row("products", 32)];
const results: Results = {
  ...{
    machine: { ...machine("cpu", 0.01), cpu: "Some CPU", cores: 2, date: "2026-11-21" },
    versions: { torch: "2.15" },
  },
  ...{ rows, flops: { vgg08: 9.6e9 }, peak: { float32: 600e9, bfloat16: 800e9, copy: 25e9 }, costs: [] },
  ...{ comparisons: compare(rows, []), leftOut: [] },
};
const written = JSON.parse(resultsJson(results, parseOptions(["--only", "vgg08"]))) as WrittenResults;

test("matrix products are written apart from engines", () => {
  assert.deepEqual(
    [written.rows, written.products].map((list) => list.map(({ engine }) => engine)),
    [["graph", "torch"], ["products"]],
  );
});

test("the page has the machine, times, comparisons and where the time goes", () => {
  const text = performanceTables([written]);
  for (const line of [
    "Some CPU, 2 cores, others took 1 % of it; 2026-11-21; torch 2.15. A matrix product of 4096² runs at 600 GFLOP/s in " +
      "float32 and 800 in bfloat16; memory is copied at 25.0 GB/s.",
    "| ms per step | gradamp | PyTorch |",
    "| vgg08 | 40.0 ± 1.0 | 50.0 ± 1.0 |",
    "| vgg08 | graph | torch | 1.25 | ≥ 1.2 | yes |",
    "| vgg08 | graph | its matrix products, time | 1.25 | ≤ 1.25 | yes |",
    "| vgg08 | graph float32 | 9.6 | 40.0 | 32.0 | 20 % | 240 (40 %) | 300 (50 %) |",
  ])
    assert.ok(text.split("\n").includes(line), `${line}\n\nnot in\n\n${text}`);
});

test("a step that takes less time than its products has no rest", () => {
  const [graph, ...others] = written.rows;
  const text = performanceTables([{ ...written, rows: [{ ...graph!, msPerStep: 24 }, ...others] }]);
  const line = "| vgg08 | graph float32 | 9.6 | 24.0 | 32.0 | – | 400 (67 %) | 300 (50 %) |";
  assert.ok(text.split("\n").includes(line), text);
});

test("each benchmark is told beside its own peak, if it has one", () => {
  const slower = { ...written, peak: { float32: 500e9, bfloat16: 800e9, copy: 20e9 } };
  const text = performanceTables([written, slower, { ...written, peak: null }]);
  assert.match(
    text,
    /runs at 500 to 600 GFLOP\/s in float32 and 800 in bfloat16; memory is copied at 20\.0 to 25\.0 GB/,
  );
  for (const speeds of ["240 (40 %) | 300 (50 %)", "240 (48 %) | 300 (60 %)", "240 | 300"])
    assert.ok(text.includes(`| 20 % | ${speeds} |`), text);
});

test("networks measured one after the other make one table; other processors and versions do not", () => {
  const other = { ...written, rows: written.rows.map((each) => ({ ...each, network: "vgg38" as const })), peak: null, flops: { vgg38: 1 } }; // prettier-ignore
  const all = [other, { ...written, versions: { keras: "3" } }];
  assert.match(performanceTables(all), /\| vgg38 \| 40\.0[^]*\| vgg08 \| 40\.0/);
  assert.deepEqual(mergeResults(all).versions, { torch: "2.15", keras: "3" });
  assert.throws(() => mergeResults([written, { ...written, versions: { torch: "2.16" } }]), /torch 2\.15 but found torch 2\.16/); // prettier-ignore
  assert.throws(() => mergeResults([written, { ...written, machine: { ...written.machine, cores: 4 } }]), /Some CPU, 2 cores, but found Some CPU, 4 cores/); // prettier-ignore
  assert.throws(() => mergeResults([]), /found none/);
});
