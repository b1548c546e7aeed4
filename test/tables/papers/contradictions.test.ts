import assert from "node:assert/strict";
import { test } from "node:test";

import { published, publishedRemarks } from "../../../src/experiments";
import { checkPapers, contradictionsPage, type PaperCheck } from "../../../src/tables";
import { recomputeDerived } from "../../../src/tables/papers/recompute-derived";
import type { PublishedRow } from "../../../src/tables";
import { assertCommittedText } from "../../support/committed-text";

const tables = [published("vgp"), published("ga"), published("iga")];
const checks = checkPapers(tables);
const rows = checks.objects() as PaperCheck[];

test("every improvement and overhead in the tables is recomputed", () => {
  const derived = tables
    .flatMap((table) => table.objects() as PublishedRow[])
    .filter((row) => row.source.startsWith("table") && /Improvement|Overhead/.test(row.quantity));
  assert.equal(derived.length, 6 + 40 + 50);
  assert.equal(recomputeDerived(tables.flatMap((table) => table.objects() as PublishedRow[])).length, derived.length);
});

test("of these one is wrong: ResNet-34's gain in training accuracy (2020)", () => {
  const wrong = recomputeDerived(tables.flatMap((table) => table.objects() as PublishedRow[])).filter(
    (row) => !row.agrees,
  );
  assert.deepEqual(
    wrong.map(({ claim, printed, recomputed }) => [claim, printed, recomputed]),
    [["ResNet-34, cifar-10: trainAccuracyImprovement from 99.774 and 98.444", "1.25 %", "1.33 %"]],
  );
});

const raw = (quantity: string, value: number, resolution: number, method = "amplified"): PublishedRow => ({
  paper: "x",
  source: method === "original" ? "table 1, row original" : "table 1, row a",
  dataset: "d",
  model: "m",
  method,
  group: null,
  params: null,
  ampFactor: null,
  reselect: null,
  learningRate: null,
  statistic: null,
  quantity,
  value,
  spread: null,
  resolution,
  printed: String(value),
  unit: "min",
});
for (const [printed, agrees] of [
  [0.015, true],
  [0.0153, true],
  [0.0147, true],
  [0.016, false],
  [-0.015, false],
] as const) {
  test(`an overhead of 31.82 over 31.35 printed as ${printed} ${agrees ? "agrees" : "does not agree"}`, () => {
    const [check] = recomputeDerived([
      raw("minutes", 31.35, 0.005, "original"),
      raw("minutes", 31.82, 0.005),
      raw("minutesOverhead", printed, 0.00005),
    ]);
    assert.equal(check?.agrees, agrees);
    assert.equal(check?.recomputed, "1.50 %");
  });
}

test("the claims that the numbers do not bear out are these", () => {
  assert.deepEqual(
    rows
      .filter((row) => !row.agrees && !row.source.startsWith("table 1, row Resnet_34 Ours"))
      .map((row) => [row.paper, row.printed, row.recomputed]),
    [
      ["vgp", "339 K", "338,116"],
      ["vgp", "339 K", "338,116"],
      ["vgp", "> 46.84 %", "46.72 %"],
      ["vgp", "> 46.84 %", "43.92 %"],
      ["iga", "92.39 %", "92.488 % (2020)"],
      ["iga", "2.18 %", "2.08 % (2020)"],
      ["iga", "92.71 %", "92.716 % (2020)"],
      ["iga", "< 2 %", "4.80 %"],
      ["iga", "> 20 of 40", "15 of 40"],
      ["iga", "> 2 %", "1.34 %"],
      ["iga", "> 2 %", "1.31 %"],
    ],
  );
});

test("the abstract's ~2.5 % and ~4.5 % are the means over models of the best of four", () => {
  assert.deepEqual(
    rows
      .filter((row) => row.source.startsWith('abstract: "accuracy improvement'))
      .map((row) => [row.recomputed, row.agrees]),
    [
      ["2.32 %", true],
      ["4.45 %", true],
    ],
  );
});

test("docs/contradictions.md is current", () => {
  assertCommittedText("docs/contradictions.md", contradictionsPage(checks, publishedRemarks()));
});
