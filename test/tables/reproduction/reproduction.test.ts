import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { table } from "arquero";

import { published } from "../../../src/experiments";
import { bestOfByChance, chanceOfGain, pairedDifference, summarise } from "../../../src/statistics";
import {
  againstBaseline,
  chosenByValidation,
  improvement,
  reproductionCells,
  reproductionClaims,
  settingsToConfirm,
} from "../../../src/tables";
import { asPublished } from "../../../src/tables/reproduction/as-published";
import type { PublishedRow } from "../../../src/tables";
import { countDifferent, type ResultRow } from "../../../src/tables/reproduction/result-row";

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
  amplified("a", "bn", 0.1, 0.3, { testAccuracy: 0.933, trainAccuracy: 0.998, validationAccuracy: 0.93, folder: "runs/a" }), // prettier-ignore
  amplified("b", "bn", 0.1, 0.5, { testAccuracy: 0.94, trainAccuracy: 0.99, validationAccuracy: 0.92, folder: "runs/b" }), // prettier-ignore
  amplified("c", "relu", 0.1, 0.3, { testAccuracy: 0.9, trainAccuracy: 0.9, validationAccuracy: 0.9, folder: "runs/c" }), // prettier-ignore
  amplified("d", "relu", 0.1, 0.5, { testAccuracy: 0.9, trainAccuracy: 0.9, validationAccuracy: 0.9, folder: "runs/c" }), // prettier-ignore
  amplified("a-rerun-1", "bn", 0.1, 0.3, { testAccuracy: 0.9305, trainAccuracy: 0.995, validationAccuracy: 0.99, seed: 1, part: "rerun" }), // prettier-ignore
  amplified("a-rerun-2", "bn", 0.1, 0.3, { testAccuracy: 0.93, trainAccuracy: 0.9905, validationAccuracy: 0.99, seed: 2, part: "rerun" }), // prettier-ignore
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
    assert.deepEqual([named?.value, named?.spread, named?.tries, named?.low], [0.933, null, 1, null]);
    const best = asPublished(cell({ model: "VGG-19", group: "bn", params: "S2_0.1_xx", quantity: "testAccuracyImprovement" }), rows); // prettier-ignore
    close(best?.value, 0.94 - 0.911);
    close(best?.spread, deviation);
    assert.equal(best?.tries, 2);
    // Its setting by validation is a, which has fresh seeds: 1 and 2, of the originals', too.
    close(best?.fresh?.mean, (0.9305 - 0.912 + 0.93 - 0.911) / 2);
    assert.deepEqual([best?.fresh?.n, best?.fresh?.unpaired], [2, [0]]);
  });

  test("whatever a published number was measured under must match: Γ, how often layers are chosen, what was not the protocol", () => {
    const accuracy = cell({ model: "VGG-19", params: "S2_0.1_0.3", quantity: "testAccuracy" });
    const own = amplified("a", "bn", 0.1, 0.3, { testAccuracy: 0.933, ampFactor: 2 });
    const planted: Partial<ResultRow>[] = [
      { ampFactor: 1.3, part: "factor" },
      { ampFactor: 10 },
      { group: "relu" },
      { params: "S2_0.1_0.4" },
      { method: "tuned", part: "control" },
      { part: "calibration" },
      { model: "ResNet-18" },
      { dataset: "cifar-100" },
    ];
    for (const of of planted) {
      const found = asPublished(accuracy, [own, { ...own, run: "planted", testAccuracy: 0.99, ...of }]);
      assert.equal(found?.value, 0.933, JSON.stringify(of));
    }
    const best = (published("iga").objects({ limit: Infinity }) as PublishedRow[]).find((one) => one.model === "VGG-19" && one.dataset === "cifar-10" && one.method === "G case 2" && one.quantity === "testAccuracy")!; // prettier-ignore
    const chosen = row({ method: "G case 2", params: "params1", reselect: "stage", ampFactor: 2, testAccuracy: 0.92, part: "params1" }); // prettier-ignore
    for (const of of [{ reselect: "2 epochs", part: "frequency" }, { params: "params2" }, { ampFactor: 4 }])
      assert.equal(asPublished(best, [chosen, { ...chosen, testAccuracy: 0.99, ...of }])?.value, 0.92);
  });

  test("which epoch a paper means: the last one in 2020 and 2023, the best by validation in the VGG38 study", () => {
    const both = { testAccuracy: 0.9, bestTestAccuracy: 0.95, trainLoss: 2, bestTrainLoss: 1.8 };
    const ga = asPublished(cell({ model: "VGG-19", method: "original", quantity: "testAccuracy" }), [row(both)]);
    assert.deepEqual([ga?.value, ga?.last, ga?.best], [0.9, 0.9, 0.95]);
    const vgp = (published("vgp").objects({ limit: Infinity }) as PublishedRow[]).find((one) => one.model === "VGG08" && one.quantity === "trainLoss")!; // prettier-ignore
    const own = asPublished(vgp, [row({ ...both, dataset: "cifar-100", model: "VGG08", learningRate: 1e-3, part: "table1" })]); // prettier-ignore
    assert.deepEqual([own?.value, own?.last, own?.best], [1.8, 2, 1.8]);
  });

  test("originals that differ in more than their seeds are refused, and so are results under several readings", () => {
    const decay = [row({ weightDecay: 0, testAccuracy: 0.9 }), row({ weightDecay: 5e-4, seed: 1, testAccuracy: 0.94 })];
    const original = cell({ model: "VGG-19", method: "original", quantity: "testAccuracy" });
    assert.throws(() => asPublished(original, decay), /found weightDecay 0, 0.0005/);
    assert.throws(
      () => reproductionCells(tableOf(decay), published("ga")),
      /under one weightDecay but found 0 and 0.0005/,
    );
    const scopes = ["backprop", "parameters"].map((scope) => amplified(scope, "bn", 0.1, 0.3, { scope, testAccuracy: 0.9 })); // prettier-ignore
    assert.throws(() => reproductionClaims(tableOf(scopes), published("ga")), /under one scope/);
    const ofG = ["G", "GPrime", "GNet"].map((directionality) =>
      row({ method: "G case 1", directionality, testAccuracy: 0.9 }),
    );
    assert.throws(
      () => reproductionClaims(tableOf(ofG), published("iga")),
      /under one directionality but found G and GNet/,
    );
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
    // Run by run, since a machine that slows down slows both.
    close(asPublished(of("minutesOverhead"), timed)?.value, (31 / 30 - 1 + 33 / 32 - 1) / 2);
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
    // The best of several single runs, of which none has fresh seeds, says nothing against a mean.
    assert.equal(statusOf("paper", relu)[0], "inconclusive");
    assert.equal(statusOf("paper", { ...gain, quantity: "testAccuracy" })[0], "inconclusive");
    assert.deepEqual(statusOf("paper", { ...accuracy, model: "ResNet-34" }), ["not run", null]);
  });

  test("a run that has not ended counts as not run, whatever it has reached so far", () => {
    const meanWhere = (status: string) => {
      const own = rows.map((one) => ({ ...one, status: "done", ...(one.run === "o2" ? { status, testAccuracy: 0.2 } : {}) })); // prettier-ignore
      const cells = reproductionCells(tableOf(own), published("ga"), { scale: "paper" }).objects({ limit: Infinity });
      const found = (cells as (PublishedRow & { ours: number | null })[]).find((one) =>
        Object.entries(accuracy).every(([name, value]) => one[name as keyof PublishedRow] === value),
      );
      return found?.ours;
    };
    close(meanWhere("done"), (0.91 + 0.912 + 0.2) / 3);
    for (const status of ["running", "interrupted", "failed", "waiting", "unreadable"]) close(meanWhere(status), 0.911);
  });

  test("at a smaller scale only gains are, and the others stand there all the same", () => {
    const [status, ours] = statusOf("short", accuracy);
    assert.equal(status, "not run");
    close(ours as number, 0.911);
    assert.equal(statusOf("short", gain)[0], "reproduced");
    assert.equal(statusOf("short", relu)[0], "inconclusive");
    assert.equal(statusOf("demo", gain)[0], "not run");
  });

  const cellsOf = (of: readonly ResultRow[]) =>
    reproductionCells(tableOf(of), published("ga")).objects({ limit: Infinity }) as Record<string, unknown>[];
  const gainOf = (of: readonly ResultRow[]) =>
    cellsOf(of).find((one) => one["params"] === "S2_0.1_0.3" && one["quantity"] === "testAccuracyImprovement");

  test("a gain is refuted where fresh seeds lose for sure, and inconclusive where they disagree, are one, or diverge", () => {
    const fresh = (first: number | null, second: number | null, of: Partial<ResultRow> = {}) =>
      rows.map((one) =>
        one.part !== "rerun" ? one : { ...one, testAccuracy: one.seed === 1 ? first : second, ...of },
      );
    assert.equal(gainOf(fresh(0.9, 0.8991))?.["status"], "refuted");
    assert.equal(gainOf(fresh(0.95, 0.9))?.["status"], "inconclusive");
    assert.equal(gainOf(fresh(0.95, null))?.["status"], "inconclusive");
    assert.equal(gainOf(fresh(0.9305, 0.93, { status: "diverged" }))?.["status"], "inconclusive");
    // The run that it was chosen by may be as good as it likes.
    const lucky = rows.map((one) => (one.run === "a" ? { ...one, testAccuracy: 0.999 } : one));
    assert.equal(gainOf(lucky)?.["fresh"], gainOf(rows)?.["fresh"]);
  });

  test("what chance gives stands beside every best, without a validation split, too", () => {
    const blind = rows.map((one) => ({ ...one, validationAccuracy: null }));
    const found = cellsOf(blind).find((one) => one["params"] === "S2_0.1_xx" && one["group"] === "bn");
    const luck = { trials: 2, deviation: summarise([0.91, 0.912, 0.911]).deviation ?? NaN, baselineRuns: 3 };
    assert.equal(found?.["tries"], 2);
    close(found?.["chance"] as number, chanceOfGain(0.94 - 0.911, luck));
  });

  test("one seed is inconclusive, and so is a mean whose runs scatter; a diverged seed is no number", () => {
    const original = (values: readonly number[], of: Partial<ResultRow> = {}) =>
      cellsOf(values.map((testAccuracy, seed) => row({ run: `o${seed}`, seed, testAccuracy, ...of }))).find(
        (one) => one["model"] === "VGG-19" && one["method"] === "original" && one["quantity"] === "testAccuracy",
      )?.["status"];
    assert.equal(original([0.9108]), "inconclusive");
    assert.equal(original([0.9108, 0.911, 0.9106]), "reproduced");
    assert.equal(original([0.9, 0.92, 0.91]), "inconclusive");
    assert.equal(original([0.95, 0.951, 0.9505]), "refuted");
    assert.equal(original([0.9108, 0.911, 0.9106], { status: "diverged" }), "inconclusive");
  });

  test("there are as many as the paper has, in its order, and each has a status", () => {
    for (const paper of ["vgp", "ga", "iga"] as const) {
      const cells = reproductionCells(tableOf(rows), published(paper), { scale: "short" });
      assert.deepEqual(cells.array("printed"), published(paper).array("printed"));
      assert.ok(
        (cells.array("status") as string[]).every((status) =>
          ["reproduced", "refuted", "inconclusive", "not run"].includes(status),
        ),
      );
    }
  });
});

test("claims are judged by paired differences over seeds, all at once", () => {
  const vgp = (model: string, learningRate: number, values: readonly number[], trainLoss: number) =>
    values.map(
      (validationAccuracy, seed) =>
      row({ run: `${model}-${seed}`, dataset: "cifar-100", model, learningRate, part: seed === 0 ? "table1" : "rerun", seed, validationAccuracy, trainLoss: trainLoss + 1e-4 * seed }), // prettier-ignore
    );
  const results = tableOf([
    ...vgp("VGG08", 1e-3, [0.2, 0.202, 0.199], 3),
    ...vgp("VGG38", 1e-3, [0.01, 0.01, 0.0101], 4.605),
    ...vgp("VGG38 RC", 1e-3, [0.15, 0.151, 0.15], 3.5),
    ...vgp("VGG38 BN", 1e-3, [0.25, 0.15, 0.2], 3.5),
    ...vgp("VGG38 BN", 1e-2, [0.25], 3.5),
  ]);
  const claims = reproductionClaims(results, published("vgp"), { scale: "short" }).objects() as Record<
    string,
    string
  >[];
  const of = (text: string) => claims.find(({ claim }) => claim?.includes(text));
  assert.equal(of("learns nothing")?.["status"], "reproduced");
  assert.deepEqual([of("VGG08 (1e-3) above VGG38 (1e-3)")?.["status"], of("VGG08 (1e-3) above VGG38 (1e-3)")?.["ours"]], ["reproduced", "20.03 > 1.00"]); // prettier-ignore
  assert.deepEqual([of("VGG38 RC (1e-3) above")?.["status"], of("VGG38 RC (1e-3) above")?.["ours"]], ["refuted", "15.03 ≤ 20.03"]); // prettier-ignore
  assert.equal(of("above VGG38 BN (1e-3)")?.["status"], "inconclusive");
  assert.equal(of("above VGG38 BN (1e-2)")?.["status"], "inconclusive");
  assert.equal(of("VGG38 BN + RC (1e-2) above")?.["status"], "not run");
  const demo = reproductionClaims(results, published("vgp"), { scale: "demo" }).array("status") as string[];
  assert.ok(demo.every((status) => status === "not run"));
});

test("what has not run yet, or failed, stands in no way of the rest", () => {
  const waiting = [...rows.map((one) => ({ ...one, learningRate: 0.1 as number | null })), row({ run: "o3", seed: 3, learningRate: null, status: "waiting" })]; // prettier-ignore
  assert.equal(chosenByValidation(tableOf(waiting)).numRows(), 1);
  assert.ok((reproductionCells(tableOf(waiting), published("ga")).array("status") as string[]).includes("reproduced"));
  assert.equal(againstBaseline(tableOf(waiting)).numRows(), 6);
});

test("baselines that differ in more than seeds are refused, those of other parts are none", () => {
  const decay = tableOf([...rows, row({ run: "o4", seed: 4, testAccuracy: 0.95, weightDecay: 5e-4 })]);
  assert.throws(() => againstBaseline(decay), /weightDecay null, 0.0005/);
  assert.throws(() => improvement(decay), /weightDecay null, 0.0005/);
  assert.equal(againstBaseline(tableOf(rows)).get("baseline", 0), (0.91 + 0.912 + 0.911) / 3);
});

test("the controls: amplified against a baseline with as many tries, and against a raised learning rate", () => {
  const fresh = (run: string, method: string, level: number) =>
    [1, 2].map((seed) => row({ run: `${run}-rerun-${seed}`, method, params: run, part: "rerun", seed, testAccuracy: level + seed * 1e-4 })); // prettier-ignore
  const results = tableOf([
    ...rows,
    row({ run: "slow", method: "tuned", params: "slow", part: "control", validationAccuracy: 0.8, testAccuracy: 0.8 }),
    row({
      run: "fast",
      method: "tuned",
      params: "fast",
      part: "control",
      validationAccuracy: 0.95,
      testAccuracy: 0.95,
    }),
    ...fresh("fast", "tuned", 0.951),
    row({ run: "raised", method: "raised rate", params: "raised", part: "control", testAccuracy: 0.92 }),
    ...fresh("raised", "raised rate", 0.92).map((one) => (one.seed === 1 ? { ...one, testAccuracy: 0.94 } : one)),
  ]);
  const claims = reproductionClaims(results, published("ga")).objects() as Record<string, string>[];
  const control = claims.filter(({ source, claim }) => source === "control" && claim?.startsWith("VGG-19"));
  assert.deepEqual(
    control.map(({ claim, status }) => [claim, status]),
    [
      ["VGG-19, cifar-10: amplified above a baseline with as many tries, test accuracy", "refuted"],
      ["VGG-19, cifar-10: amplified above a baseline with a raised learning rate, test accuracy", "inconclusive"],
    ],
  );
});

test("what to believe: chosen by validation, confirmed afresh, beside what choosing by test and chance would give", () => {
  const [found, ...others] = chosenByValidation(tableOf(rows)).objects() as Record<string, number | string>[];
  assert.deepEqual(others, []);
  // c and d are one run, reruns are no candidates; a has the best validation accuracy, b the best test accuracy.
  assert.equal(found?.["candidates"], 3);
  assert.equal(found?.["chosen"], "a");
  assert.equal(found?.["chosenBy"], "validation");
  // The run that chose is not among them.
  assert.equal(found?.["runs"], 2);
  close(found?.["testAccuracy"] as number, (0.9305 + 0.93) / 2);
  const own = [0.9305, 0.93].map((value, at) => ({ seed: at + 1, value }));
  const base = [0.91, 0.912, 0.911].map((value, seed) => ({ seed, value }));
  const difference = pairedDifference(own, base);
  close(found?.["testAccuracyImprovement"] as number, difference.mean ?? NaN);
  close(found?.["testAccuracyImprovementPValue"] as number, difference.pValue ?? NaN);
  assert.equal(found?.["verdict"], "gains");
  const luck = { trials: 3, deviation: summarise(base.map(({ value }) => value)).deviation ?? NaN, baselineRuns: 3 };
  close(found?.["bestGain"] as number, 0.94 - 0.911);
  close(found?.["chanceGain"] as number, bestOfByChance(luck).expected);
  close(found?.["chance"] as number, chanceOfGain(0.94 - 0.911, luck));
});

test("without validation images the choice is by test accuracy, and says so", () => {
  const blind = rows.map((one) => ({ ...one, validationAccuracy: null }));
  const [found] = chosenByValidation(tableOf(blind)).objects() as Record<string, unknown>[];
  assert.deepEqual([found?.["chosen"], found?.["chosenBy"], found?.["runs"]], ["b", "test", 0]);
  assert.equal(found?.["verdict"], "inconclusive");
  assert.deepEqual(settingsToConfirm(tableOf(blind), "ga"), ["b"]);
  assert.deepEqual(settingsToConfirm(tableOf(rows), "ga"), []);
});

test("trials are counted by what is really different: one folder, or the same numbers to the last digit", () => {
  const twice = [
    amplified("bn", "bn", 0.1, 0.3, { trainLoss: 0.123456, testAccuracy: 0.9, validationAccuracy: 0.9 }),
    amplified("relu", "relu", 0.1, 0.3, { trainLoss: 0.123456, testAccuracy: 0.9, validationAccuracy: 0.9 }),
    amplified("other", "relu", 0.1, 0.5, { trainLoss: 0.123457, testAccuracy: 0.9, validationAccuracy: 0.9 }),
  ];
  assert.equal(countDifferent(twice), 2);
});

test("without a baseline, or accuracies, there is nothing to believe", () => {
  assert.equal(chosenByValidation(tableOf(rows.filter(({ method }) => method !== "original"))).numRows(), 0);
  const none = rows.map((one) => ({ ...one, validationAccuracy: null, testAccuracy: null }));
  assert.equal(chosenByValidation(tableOf(none)).numRows(), 0);
  assert.throws(() => chosenByValidation(table({ model: ["a"] })), /pass what ga.sweepResults gives/);
});
