import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { type ColumnTable, table } from "arquero";

import { published } from "../../../src/experiments";
import {
  asColumns,
  asNumbers,
  besidePublished,
  bestOf,
  crossTable,
  improvement,
  overhead,
  overSeeds,
  runningTime,
  toMarkdown,
} from "../../../src/tables";
import { runRecord } from "../sample-runs";

const lines = (input: ColumnTable) => toMarkdown(input, { best: false }).trim().split("\n");
const fromTable = (paper: "vgp" | "ga" | "iga", name: string) =>
  published(paper).filter(`d => op.startswith(d.source, '${name}')`);
const near = (actual: unknown, expected: number | null) => {
  if (expected === null || typeof actual !== "number") assert.equal(actual, expected);
  else assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);
};

describe("a paper's own tables come out of its raw numbers", () => {
  const raw = (name: string, quantity: string) =>
    asColumns(fromTable("iga", name).filter(`d => d.quantity === '${quantity}'`));

  test("table 3 of 2023: accuracy with improvement", () => {
    const result = crossTable(improvement(raw("table 3", "testAccuracy")));
    assert.deepEqual(lines(result).slice(0, 3), [
      "| Model | original | random | G case 1 | G case 2 | G' case 1 | G' case 2 |",
      "| :-- | --: | --: | --: | --: | --: | --: |",
      "| VGG-19 | 91.08 | 93.35 (+2.27) | 93.30 (+2.22) | 92.92 (+1.84) | 93.29 (+2.21) | 93.34 (+2.26) |",
    ]);
    assert.equal(lines(result).length, 2 + 5);
  });

  test("table 1 of 2023: running time with overhead", () => {
    const result = crossTable(overhead(raw("table 1", "minutes")), { values: ["minutes"] });
    assert.equal(
      lines(result)[2],
      "| VGG-19 | 31.35 ± 0.45 | 31.82 ± 0.52 (+1.50 %) | 31.94 ± 0.45 (+1.88 %) | 31.87 ± 0.45 (+1.66 %) | 31.82 ± 0.35 (+1.50 %) |",
    );
  });

  test("table 1 of 2020: training and testing accuracy", () => {
    const numbers = fromTable("ga", "table 1").filter(
      "d => d.quantity === 'testAccuracy' || d.quantity === 'trainAccuracy'",
    );
    const result = improvement(asColumns(numbers), { values: ["trainAccuracy", "testAccuracy"] });
    assert.deepEqual(
      lines(
        result.select(
          "model",
          "method",
          "trainAccuracy",
          "trainAccuracyImprovement",
          "testAccuracy",
          "testAccuracyImprovement",
        ),
      ).slice(2, 4),
      ["| VGG-19 | original | 97.87 | 91.08 |", "| VGG-19 | amplified | 99.76 (+1.89) | 93.35 (+2.27) |"],
    );
  });

  test("table 1 of the vanishing-gradient paper", () => {
    const result = asColumns(fromTable("vgp", "table 1")).select(
      "model",
      "learningRate",
      "parameters",
      "trainLoss",
      "trainAccuracy",
      "validationLoss",
      "validationAccuracy",
    );
    assert.deepEqual(
      [lines(result)[3], lines(result)[8]],
      [
        "| VGG38 | 1e-3 | 336,000 | 4.610 | 1.00 | 4.610 | 1.00 |",
        "| VGG38 BN + RC | 1e-2 | 339,000 | 0.524 | 83.22 | 1.850 | 61.36 |",
      ],
    );
  });
});

describe("improvement and overhead", () => {
  const runs = table({
    model: ["a", "a", "a", "b", "c", "a"],
    method: ["original", "original", "x", "x", "original", "y"],
    testAccuracy: [0.5, 0.7, 0.75, 0.9, 0.1, null],
    minutes: [10, 30, 22, 5, 0, 20],
  });

  test("the baseline is the mean of its rows, and where there is none there is no improvement", () => {
    improvement(runs)
      .array("testAccuracyImprovement")
      .forEach((value: unknown, i: number) => near(value, [null, null, 0.15, null, null, null][i] ?? null));
    overhead(runs)
      .array("minutesOverhead")
      .forEach((value: unknown, i: number) => near(value, [null, null, 0.1, null, null, 0][i] ?? null));
  });

  test("the new column stands behind its own, and applying the verb twice changes nothing", () => {
    assert.deepEqual(improvement(runs).columnNames(), [
      "model",
      "method",
      "testAccuracy",
      "testAccuracyImprovement",
      "minutes",
    ]);
    assert.deepEqual(improvement(improvement(runs)).objects(), improvement(runs).objects());
  });

  test("another baseline can be named", () => {
    const result = improvement(runs, { baseline: { model: "b" }, by: [], values: ["minutes"] });
    assert.deepEqual(result.array("minutesImprovement"), [5, 25, 17, null, -5, 15]);
  });

  test("a column that is not there is an error", () => {
    assert.throws(() => improvement(runs, { baseline: { kind: "original" } }), {
      name: "RangeError",
      message: "Expected a column of the table but found kind: it has model, method, testAccuracy, minutes",
    });
  });
});

describe("mean and deviation over seeds", () => {
  const runs = table({
    run: ["1", "2", "3", "4", "5"],
    model: ["a", "a", "a", "b", "c"],
    seed: [1, 2, 3, 1, 1],
    parameters: [7, 7, 7, 8, 9],
    testAccuracy: [0.1, 0.2, 0.6, 0.5, NaN],
    minutes: [1, null, 3, 2, 4],
  });

  test("rows of the same model are averaged, with the sample deviation where there are two values or more", () => {
    assert.deepEqual(
      overSeeds(runs)
        .objects()
        .map((row) => Object.values(row).map((v) => (typeof v === "number" ? Number(v.toFixed(9)) : v))),
      [
        // sqrt(((.1-.3)² + (.2-.3)² + (.6-.3)²) / 2) = 0.264575131; sqrt(((1-2)² + (3-2)²) / 1) = 1.414213562
        ["a", 3, 7, 0.3, 0.264575131, 0, 2, 1.414213562, 1],
        ["b", 1, 8, 0.5, null, 0, 2, null, 0],
        ["c", 1, 9, null, null, 1, 4, null, 0],
      ],
    );
    assert.deepEqual(overSeeds(runs).columnNames(), [
      "model",
      "runs",
      "parameters",
      "testAccuracy",
      "testAccuracyDeviation",
      "testAccuracyLeftOut",
      "minutes",
      "minutesDeviation",
      "minutesLeftOut",
    ]);
  });

  test("prints as mean ± deviation, through improvement and cross table too", () => {
    const seeds = table({
      model: ["a", "a", "a", "a"],
      method: ["original", "original", "x", "x"],
      seed: [1, 2, 1, 2],
      testAccuracy: [0.5, 0.6, 0.7, 0.9],
    });
    assert.equal(lines(crossTable(improvement(overSeeds(seeds))))[2], "| a | 55.00 ± 7.07 | 80.00 ± 14.14 (+25.00) |");
  });
});

describe("columns to numbers and back", () => {
  const results = table({
    model: ["a", "b"],
    learningRate: [0.1, 0.01],
    trainLoss: [1, 2],
    trainLossDeviation: [0.1, null],
    testAccuracy: [0.5, 0.6],
  });

  test("one row a number, with its deviation as spread", () => {
    assert.deepEqual(asNumbers(results).objects(), [
      { model: "a", learningRate: 0.1, quantity: "trainLoss", value: 1, spread: 0.1 },
      { model: "a", learningRate: 0.1, quantity: "testAccuracy", value: 0.5, spread: null },
      { model: "b", learningRate: 0.01, quantity: "trainLoss", value: 2, spread: null },
      { model: "b", learningRate: 0.01, quantity: "testAccuracy", value: 0.6, spread: null },
    ]);
  });

  test("and back it is the same table", () => {
    assert.deepEqual(asColumns(asNumbers(results)).objects(), results.objects());
  });

  test("two numbers of one kind for one row are an error", () => {
    const twice = table({ model: ["a", "a"], quantity: ["trainLoss", "trainLoss"], value: [1, 2] });
    assert.throws(() => asColumns(twice), {
      name: "RangeError",
      message: /Expected one trainLoss for \["a"\] but found two/,
    });
  });
});

describe("ours beside published", () => {
  const paper = table({
    model: ["a", "b", "c", "d", "e", "f", "g", "h"],
    quantity: [
      "testAccuracy",
      "testAccuracy",
      "testAccuracy",
      "trainLoss",
      "minutes",
      "parameters",
      "testAccuracy",
      "trainLoss",
    ],
    value: [0.6, 0.6, 0.6, 2, 30, 339_000, 0.6, 1],
    spread: [null, 0.05, null, null, null, null, null, null],
    resolution: [0.00005, 0.00005, 0.00005, 0.005, 0.005, 500, 0.00005, 0.005],
  });
  const ours = (model: string, quantity: string, value: number, spread: number | null = null) => ({
    model,
    quantity,
    value,
    spread,
  });
  const beside = (rows: (ReturnType<typeof ours> & { interval: number | null; pValue: number | null })[]) =>
    besidePublished(
      table({
        model: rows.map((r) => r.model),
        quantity: rows.map((r) => r.quantity),
        value: rows.map((r) => r.value),
        spread: rows.map((r) => r.spread),
        interval: rows.map((r) => r.interval),
        pValue: rows.map((r) => r.pValue),
      }),
      paper,
    );
  const cases: [why: string, ReturnType<typeof ours>, number, interval: number | null, string][] = [
    ["wholly within a percentage point", ours("a", "testAccuracy", 0.605), 0, 0.004, "reproduced"],
    ["partly within", ours("a", "testAccuracy", 0.605), 0, 0.006, "inconclusive"],
    ["one run has no interval", ours("a", "testAccuracy", 0.6), 0, null, "inconclusive"],
    ["below by more", ours("a", "testAccuracy", 0.58), 0, 0.005, "refuted"],
    ["above by more", ours("a", "testAccuracy", 0.62), 0, 0.005, "refuted"],
    ["within the published spread", ours("b", "testAccuracy", 0.56), 1, 0.005, "reproduced"],
    ["our own deviation is no help", ours("c", "testAccuracy", 0.56, 0.05), 2, 0.005, "refuted"],
    ["a loss within a tenth", ours("d", "trainLoss", 2.19), 3, 0.001, "reproduced"],
    ["a loss beyond", ours("d", "trainLoss", 2.3), 3, 0.05, "refuted"],
    ["times are not compared", ours("e", "minutes", 30), 4, 0.1, "not run"],
    ["parameters up to what is printed", ours("f", "parameters", 338_500), 5, null, "reproduced"],
    ["parameters otherwise exactly", ours("f", "parameters", 338_116), 5, null, "refuted"],
    ["NaN says nothing", ours("h", "trainLoss", NaN), 7, null, "inconclusive"],
  ];
  for (const [why, own, row, interval, status] of cases) {
    test(`${why}: ${own.value} ± ${interval} is ${status}`, () => {
      const result = beside([{ ...own, interval, pValue: null }]);
      assert.equal(result.get("status", row), status);
      assert.equal(result.get("ours", row), own.value);
      assert.deepEqual(
        (result.array("status") as string[]).filter((_, i) => i !== row),
        Array(7).fill("not run"),
      );
    });
  }

  test("a gain is judged by its sign, corrected for all that are asked", () => {
    const gains = (pValues: readonly number[], value = 0.01) =>
      besidePublished(
        table({ model: ["a", "b"], quantity: ["testAccuracyImprovement", "testAccuracyImprovement"], value: [value, value], interval: [0.005, 0.005], pValue: [...pValues] }), // prettier-ignore
        table({ model: ["a", "b"], quantity: ["testAccuracyImprovement", "testAccuracyImprovement"], value: [0.02, -0.02] }), // prettier-ignore
      ).array("status");
    assert.deepEqual(gains([0.01, 0.02]), ["reproduced", "refuted"]);
    assert.deepEqual(gains([0.03, 0.04]), ["inconclusive", "inconclusive"]);
    assert.deepEqual(gains([0.01, 0.06]), ["reproduced", "inconclusive"]);
  });

  test("results of our own join the paper's table by data set, model, method and rate", () => {
    const mine = table({
      dataset: ["cifar-100"],
      model: ["VGG08"],
      method: ["original"],
      learningRate: [1e-3],
      parameters: [59_716],
      trainLoss: [1.76],
      trainAccuracy: [0.4],
      seed: [1],
    });
    const result = besidePublished(asNumbers(mine), published("vgp")).filter("d => d.model === 'VGG08'");
    assert.deepEqual(
      result
        .objects({ columns: ["quantity", "printed", "ours", "oursPrinted", "differencePrinted", "status"] })
        .map((row) => Object.values(row)),
      [
        ["parameters", "60 K", 59_716, "59716", "-284", "reproduced"],
        ["trainLoss", "1.74", 1.76, "1.76", "0.02", "inconclusive"],
        ["trainAccuracy", "51.59", 0.4, "40.00", "-11.59", "inconclusive"],
        ["validationLoss", "1.95", null, null, null, "not run"],
        ["validationAccuracy", "46.84", null, null, null, "not run"],
      ],
    );
  });

  test("two of ours for one number are an error", () => {
    const two = [1, 2].map((value) => ({ ...ours("a", "testAccuracy", value), interval: null, pValue: null }));
    assert.throws(() => beside(two), { name: "RangeError", message: /found two: average them first/ });
  });
});

describe("best of a group", () => {
  const trials = table({
    model: ["a", "a", "a", "b", "c"],
    threshold: [1, 2, 3, 1, 1],
    validationAccuracy: [0.9, 0.92, 0.92, 0.8, NaN],
    trainLoss: [1, 3, 2, 5, 6],
  });
  test("keeps the highest accuracy, the first of equal ones, and says what had none", () => {
    assert.deepEqual(bestOf(trials).objects(), [
      { model: "a", threshold: 2, validationAccuracy: 0.92, trainLoss: 3, leftOut: 0 },
      { model: "b", threshold: 1, validationAccuracy: 0.8, trainLoss: 5, leftOut: 0 },
      { model: "c", threshold: 1, validationAccuracy: NaN, trainLoss: 6, leftOut: 1 },
    ]);
  });
  test("keeps the lowest loss", () => {
    assert.deepEqual(bestOf(trials, { value: "trainLoss", by: [] }).array("threshold"), [1]);
  });
  test("needs to know which end is the best", () => {
    assert.throws(() => bestOf(trials, { value: "threshold" }), {
      name: "RangeError",
      message: /Expected a direction for threshold/,
    });
    assert.deepEqual(bestOf(trials, { value: "threshold", direction: "max", by: [] }).array("threshold"), [3]);
  });
});

test("running time adds up the epochs", () => {
  const run = runRecord({ name: "a" }, [{ seconds: 30 }, { seconds: 60 }]);
  assert.deepEqual(runningTime([run], { columns: { method: () => "original" } }).objects(), [
    { run: "a", model: "VGG08", dataset: "cifar-100", method: "original", epochs: 2, minutes: 1.5 },
  ]);
});

test("two rows for one cell of a cross table are an error", () => {
  const twice = table({ model: ["a", "a"], method: ["x", "x"], testAccuracy: [1, 2] });
  assert.throws(() => crossTable(twice), {
    name: "RangeError",
    message: 'Expected one row for ["a"] and method x but found two: average them first',
  });
});
