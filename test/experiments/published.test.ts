import assert from "node:assert/strict";
import { test } from "node:test";

import { type Paper, published, publishedRemarks } from "../../src/experiments";

const row = (paper: Paper, source: string, quantity: string) =>
  (published(paper).objects() as Record<string, unknown>[]).find(
    (r) => r["source"] === source && r["quantity"] === quantity,
  );

test("a percentage becomes a fraction that knows how it was rounded", () => {
  assert.deepEqual(row("iga", "table 3, row VGG_19, G case 1", "testAccuracy"), {
    paper: "iga",
    source: "table 3, row VGG_19, G case 1",
    dataset: "cifar-10",
    model: "VGG-19",
    method: "G case 1",
    group: null,
    params: "params1",
    reselect: "stage",
    ampFactor: 2,
    statistic: "best",
    quantity: "testAccuracy",
    learningRate: null,
    value: 0.933,
    spread: null,
    resolution: 0.00005,
    printed: "93.30",
    unit: "percent",
  });
});

const cases: [Paper, string, string, value: number, spread: number | null, resolution: number][] = [
  ["vgp", "table 1, row VGG08 1e-3", "parameters", 60_000, null, 500],
  ["vgp", "table 1, row VGG38 1e-3", "trainAccuracy", 0.01, null, 0.005],
  ["vgp", "table 1, row VGG38 BN + RC 1e-3", "validationAccuracy", 0.59, null, 0.005],
  ["vgp", "table 1, row VGG38 BN + RC 1e-3", "trainLoss", 0.626, null, 0.0005],
  ["vgp", "the coursework that the paper answers, row VGG38 BN + RC 1e-3", "trainAccuracy", 0.6299, null, 0.00005],
  ["ga", "table 1, row Resnet_18 Original", "testAccuracy", 0.92488, null, 0.000005],
  ["iga", "table 2, row Resnet_34, G' case 1", "minutes", 69.84, 6.11, 0.005],
  ["iga", "table 2, row Resnet_34, G' case 1", "minutesOverhead", 0.048, null, 0.0005],
];
for (const [paper, source, quantity, value, spread, resolution] of cases) {
  test(`${paper}, ${source}: ${quantity} is ${value}`, () => {
    const found = row(paper, source, quantity);
    assert.deepEqual([found?.["value"], found?.["spread"], found?.["resolution"]], [value, spread, resolution]);
  });
}

test("every table is there, number for number", () => {
  const count = (paper: Paper, start: string) =>
    (published(paper).array("source") as string[]).filter((source) => source.startsWith(start)).length;
  // 7 rows of 5; 3 models of 4 accuracies and 2 improvements; 5 models of 5 times and 4 overheads; of 6 accuracies and 5 gains.
  assert.deepEqual(
    [count("vgp", "table 1"), count("ga", "table 1"), ...[1, 2, 3, 4].map((n) => count("iga", `table ${n}`))],
    [35, 18, 45, 45, 55, 55],
  );
  // Phase 1: 12 + 14 + 9 improvements and two times the best accuracy with its gain; phase 2: 6 + 8 + 7.
  assert.deepEqual([count("ga", "section 4.2.1"), count("ga", "section 4.2.2")], [35 + 4, 21]);
});

test("no number is missing or unreadable", () => {
  for (const paper of ["vgp", "ga", "iga"] as const) {
    for (const name of ["value", "resolution"]) {
      for (const value of published(paper).array(name)) assert.equal(Number.isFinite(value), true, `${paper} ${name}`);
    }
  }
});

test("the remarks say where, what, and how it is read", () => {
  const remarks = publishedRemarks();
  assert.deepEqual(remarks.columnNames(), ["paper", "source", "says", "but", "here"]);
  for (const remark of remarks.objects() as Record<string, string>[])
    assert.equal(Object.values(remark).every(Boolean), true);
});

test("an unknown paper is an error", () => {
  assert.throws(() => published("resnet" as Paper), {
    name: "RangeError",
    message: "Expected paper to be one of vgp, ga, iga but found resnet",
  });
});
