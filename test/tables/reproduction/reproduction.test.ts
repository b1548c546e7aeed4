import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { table } from "arquero";

import { published } from "../../../src/experiments";
import { bestOfByChance, chanceOfGain, pairedDifference, summarise } from "../../../src/statistics";
import { chosenByValidation, reproductionCells, reproductionClaims } from "../../../src/tables";
import { asPublished } from "../../../src/tables/reproduction/as-published";
import type { PublishedRow } from "../../../src/tables";
import type { ResultRow } from "../../../src/tables/reproduction/result-row";

/** A trial's row of which only some columns matter. */
const row = (of: Partial<ResultRow>): ResultRow => ({
  run: "run",
  dataset: "cifar-10",
  model: "VGG-19",
  method: "original",
  group: null,
  params: null,
  strategy: null,
  part: "baseline",
  seed: 0,
  folder: null,
  learningRate: 0.1,
  minutes: null,
  validationAccuracy: null,
  testAccuracy: null,
  trainAccuracy: null,
  ...of,
});
const tableOf = (rows: readonly ResultRow[]) => {
  const names = [...new Set(rows.flatMap((one) => Object.keys(one)))];
  return table(Object.fromEntries(names.map((name) => [name, rows.map((one) => one[name] ?? null)])));
};
const amplified = (run: string, group: string, first: number, second: number, of: Partial<ResultRow>) =>
  row({
    run,
    method: "amplified",
    group,
    part: "s2",
    params: `S2_${first}_${second}`,
    strategy: `S2_${first}_xx`,
    ...of,
  });

const rows = [
  row({ run: "o0", testAccuracy: 0.91, trainAccuracy: 0.97 }),
  row({ run: "o1", testAccuracy: 0.912, trainAccuracy: 0.98, seed: 1 }),
  row({ run: "o2", testAccuracy: 0.911, trainAccuracy: 0.99, seed: 2 }),
  row({ run: "longer", testAccuracy: 0.99, part: "longer" }),
  amplified("a", "bn", 0.1, 0.3, {
    testAccuracy: 0.933,
    trainAccuracy: 0.998,
    validationAccuracy: 0.93,
    folder: "runs/a",
  }),
  amplified("b", "bn", 0.1, 0.5, {
    testAccuracy: 0.94,
    trainAccuracy: 0.99,
    validationAccuracy: 0.92,
    folder: "runs/b",
  }),
  amplified("c", "relu", 0.1, 0.3, {
    testAccuracy: 0.9,
    trainAccuracy: 0.9,
    validationAccuracy: 0.9,
    folder: "runs/c",
  }),
  amplified("d", "relu", 0.1, 0.5, {
    testAccuracy: 0.9,
    trainAccuracy: 0.9,
    validationAccuracy: 0.9,
    folder: "runs/c",
  }),
  amplified("a-rerun-1", "bn", 0.1, 0.3, { testAccuracy: 0.93, validationAccuracy: 0.99, seed: 1, part: "rerun" }),
  amplified("a-rerun-2", "bn", 0.1, 0.3, { testAccuracy: 0.928, validationAccuracy: 0.99, seed: 2, part: "rerun" }),
];
const cell = (where: Partial<PublishedRow>) =>
  (published("ga").objects({ limit: Infinity }) as PublishedRow[]).find((one) => Object.entries(where).every(([name, value]) => one[name as keyof PublishedRow] === value))!; // prettier-ignore
const close = (found: number | null | undefined, expected: number) =>
  assert.ok(Math.abs((found ?? NaN) - expected) < 1e-12, `${found}, expected ${expected}`);

describe("our number for a published one", () => {
  const deviation = summarise([0.91, 0.912, 0.911]).deviation ?? NaN;

  test("the original is the mean over its seeds, the longer runs apart", () => {
    const own = asPublished(cell({ model: "VGG-19", method: "original", quantity: "testAccuracy" }), rows);
    close(own?.value, 0.911);
    close(own?.spread, deviation);
  });

  test("named ratios are the trial of that name, without its reruns; xx is the best by test accuracy", () => {
    const named = asPublished(cell({ model: "VGG-19", params: "S2_0.1_0.3", quantity: "testAccuracy" }), rows);
    assert.deepEqual(named, { value: 0.933, spread: null });
    const best = asPublished(cell({ model: "VGG-19", group: "bn", params: "S2_0.1_xx", quantity: "testAccuracyImprovement" }), rows); // prettier-ignore
    close(best?.value, 0.94 - 0.911);
    close(best?.spread, deviation);
  });

  test("the gain in training accuracy is that of the same trial", () => {
    const gain = asPublished(
      cell({ model: "VGG-19", params: "S2_0.1_0.3", quantity: "trainAccuracyImprovement" }),
      rows,
    );
    close(gain?.value, 0.998 - 0.98);
  });

  test("one batch norm of each block is the paper's name for either of ours", () => {
    const block = amplified("e", "first-bn-of-block", 0.3, 0.5, { model: "ResNet-18", testAccuracy: 0.5 });
    assert.equal(asPublished(cell({ model: "ResNet-18", params: "S2_0.3_0.5", quantity: "testAccuracy" }), [block])?.value, 0.5); // prettier-ignore
  });

  test("what was not run is null: another network, a baseline without runs, an accuracy of which it is not said which", () => {
    assert.equal(asPublished(cell({ model: "ResNet-34", method: "original", quantity: "testAccuracy" }), rows), null);
    const alone = rows.filter(({ method }) => method !== "original");
    assert.equal(asPublished(cell({ model: "VGG-19", params: "S2_0.1_0.3", quantity: "testAccuracyImprovement" }), alone), null); // prettier-ignore
    assert.equal(asPublished(cell({ quantity: "accuracyImprovement" }), rows), null);
  });

  test("running times come from the runs that were made for them", () => {
    const time = (method: string, seed: number, minutes: number) => row({ method, seed, minutes, part: "time" });
    const timed = [time("original", 0, 30), time("original", 1, 32), time("G case 1", 0, 31), time("G case 1", 1, 33), row({ minutes: 99 })]; // prettier-ignore
    const of = (quantity: string) =>
      (published("iga").objects({ limit: Infinity }) as PublishedRow[]).find((one) => one.dataset === "cifar-10" && one.model === "VGG-19" && one.method === "G case 1" && one.quantity === quantity)!; // prettier-ignore
    close(asPublished(of("minutes"), timed)?.value, 32);
    close(asPublished(of("minutesOverhead"), timed)?.value, 32 / 31 - 1);
  });
});

describe("cells", () => {
  const statusOf = (scale: "demo" | "short" | "paper", where: Partial<PublishedRow>) => {
    const cells = reproductionCells(tableOf(rows), published("ga"), { scale }).objects({ limit: Infinity });
    const found = (cells as (PublishedRow & { status: string; ours: number | null })[]).find((one) =>
      Object.entries(where).every(([name, value]) => one[name as keyof PublishedRow] === value),
    );
    return [found?.status, found?.ours];
  };
  const accuracy = { model: "VGG-19", method: "original", quantity: "testAccuracy" };
  const gain = { model: "VGG-19", params: "S2_0.1_0.3", quantity: "testAccuracyImprovement" };
  const relu = { model: "VGG-19", group: "relu", params: "S2_0.1_xx", quantity: "testAccuracyImprovement" };

  test("at the paper's scale each is judged where it was run", () => {
    assert.equal(statusOf("paper", accuracy)[0], "reproduced");
    assert.equal(statusOf("paper", gain)[0], "reproduced");
    assert.equal(statusOf("paper", relu)[0], "refuted");
    assert.deepEqual(statusOf("paper", { ...accuracy, model: "ResNet-34" }), ["not run", null]);
  });

  test("at a smaller scale only gains are, and the others stand there all the same", () => {
    const [status, ours] = statusOf("short", accuracy);
    assert.equal(status, "not run");
    close(ours as number, 0.911);
    assert.equal(statusOf("short", gain)[0], "reproduced");
    assert.equal(statusOf("short", relu)[0], "refuted");
    assert.equal(statusOf("demo", gain)[0], "not run");
  });

  test("there are as many as the paper has, in its order, and each has a status", () => {
    for (const paper of ["vgp", "ga", "iga"] as const) {
      const cells = reproductionCells(tableOf(rows), published(paper), { scale: "short" });
      assert.deepEqual(cells.array("printed"), published(paper).array("printed"));
      assert.ok(
        (cells.array("status") as string[]).every((status) => ["reproduced", "refuted", "not run"].includes(status)),
      );
    }
  });
});

test("claims are judged by their order", () => {
  const vgp = (model: string, learningRate: number, of: Partial<ResultRow>) =>
    row({ dataset: "cifar-100", model, learningRate, part: "table1", ...of });
  const results = tableOf([
    vgp("VGG08", 1e-3, { validationAccuracy: 0.2, trainLoss: 3 }),
    vgp("VGG38", 1e-3, { validationAccuracy: 0.01, trainLoss: 4.606 }),
    vgp("VGG38 RC", 1e-3, { validationAccuracy: 0.15, trainLoss: 3.5 }),
  ]);
  const claims = reproductionClaims(results, published("vgp"), { scale: "short" }).objects() as Record<
    string,
    string
  >[];
  const of = (text: string) => claims.find(({ claim }) => claim?.includes(text));
  assert.equal(of("learns nothing")?.["status"], "reproduced");
  assert.deepEqual([of("VGG08 (1e-3) above VGG38 (1e-3)")?.["status"], of("VGG08 (1e-3) above VGG38 (1e-3)")?.["ours"]], ["reproduced", "20.00 > 1.00"]); // prettier-ignore
  assert.deepEqual([of("VGG38 RC (1e-3) above")?.["status"], of("VGG38 RC (1e-3) above")?.["ours"]], ["refuted", "15.00 ≤ 20.00"]); // prettier-ignore
  assert.equal(of("VGG38 BN + RC (1e-2) above")?.["status"], "not run");
  const demo = reproductionClaims(results, published("vgp"), { scale: "demo" }).array("status") as string[];
  assert.ok(demo.every((status) => status === "not run"));
});

test("what to believe: chosen by validation, paired by seed, beside what choosing by test and chance would give", () => {
  const [found, ...others] = chosenByValidation(tableOf(rows)).objects() as Record<string, number | string>[];
  assert.deepEqual(others, []);
  // c and d are one run, reruns are no candidates; a has the best validation accuracy, b the best test accuracy.
  assert.equal(found?.["candidates"], 3);
  assert.equal(found?.["chosen"], "a");
  assert.equal(found?.["runs"], 3);
  const own = [0.933, 0.93, 0.928].map((value, seed) => ({ seed, value }));
  const base = [0.91, 0.912, 0.911].map((value, seed) => ({ seed, value }));
  const difference = pairedDifference(own, base);
  close(found?.["testAccuracyImprovement"] as number, difference.mean ?? NaN);
  close(found?.["testAccuracyImprovementPValue"] as number, difference.pValue ?? NaN);
  const luck = { trials: 3, deviation: summarise(base.map(({ value }) => value)).deviation ?? NaN, baselineRuns: 3 };
  close(found?.["bestGain"] as number, 0.94 - 0.911);
  close(found?.["chanceGain"] as number, bestOfByChance(luck).expected);
  close(found?.["chance"] as number, chanceOfGain(0.94 - 0.911, luck));
});

test("without a baseline, or validation accuracies, there is nothing to believe", () => {
  assert.equal(chosenByValidation(tableOf(rows.filter(({ method }) => method !== "original"))).numRows(), 0);
  assert.equal(chosenByValidation(tableOf(rows.map((one) => ({ ...one, validationAccuracy: null })))).numRows(), 0);
  assert.throws(() => chosenByValidation(table({ model: ["a"] })), /pass what ga.sweepResults gives/);
});
