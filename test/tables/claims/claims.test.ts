import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { table } from "arquero";
import { published } from "../../../src/experiments";
import type { RunRecord } from "../../../src/rows";
import {
  amplificationClaims,
  choiceInWords,
  gradientDecay,
  publishedGains,
  toText,
  vanishingClaims,
} from "../../../src/tables";

/** A run of one epoch, with the mean |gradient| of each layer from the input on. */
function run(name: string, flow: readonly number[], of: { loss?: number; accuracy?: number } = {}): RunRecord {
  const epoch = { epoch: 1, learningRate: 1e-3, trainLoss: of.loss ?? 4.605, trainAccuracy: 0.01, validationLoss: 4.6, validationAccuracy: of.accuracy ?? 0.01, testLoss: null, testAccuracy: null, seconds: 1, imagesPerSecond: 1, amplifiedLayers: 0 }; // prettier-ignore
  const gradients = [0, 1].flatMap(
    (at) =>
    flow.map((meanAbs, index) => ({ epoch: at, step: at, index, layer: `reduction_block_${index}`, weight: "kernel", size: 9, meanAbs: at === 1 ? meanAbs : 1 })), // prettier-ignore
  );
  return { name, model: name, parameters: 9, dataset: "cifar-100", options: {}, epochs: [epoch], gradients };
}

describe("gradientDecay", () => {
  test("tells what is lost between head and input, and where", () => {
    const [row] = gradientDecay([run("deep", [1e-9, 1e-8, 1e-4, 1e-3])]).objects();
    assert.deepEqual(
      { ...row, powersLost: 6, steepestFactor: 1e4 },
      { run: "deep", epoch: 1, atInput: 1e-9, atHead: 1e-3, powersLost: 6, tenthFrom: "reduction_block_1", thousandthFrom: "reduction_block_1", steepestAt: "reduction_block_1", steepestFactor: 1e4 }, // prettier-ignore
    );
    const { powersLost, steepestFactor } = row as { powersLost: number; steepestFactor: number };
    assert.ok(Math.abs(powersLost - 6) < 1e-12 && Math.abs(steepestFactor / 1e4 - 1) < 1e-12);
  });
  const cases: [string, readonly number[], Record<string, unknown>][] = [
    ["nothing is lost", [1, 1], { powersLost: 0, tenthFrom: null, thousandthFrom: null, steepestFactor: 1 }],
    ["it grows towards the input", [100, 1], { powersLost: -2, tenthFrom: "reduction_block_1" }],
    ["nothing arrives", [0, 1], { powersLost: Infinity, tenthFrom: "reduction_block_0", steepestFactor: Infinity }],
    ["nothing at all", [0, 0], { powersLost: 0, tenthFrom: null }],
    ["it is not finite", [NaN, Infinity], { powersLost: null, atInput: null, epoch: null }],
    ["one layer", [2], { powersLost: 0, atInput: 2, atHead: 2, steepestAt: null }],
    ["none was measured", [], { powersLost: null, atHead: null }],
  ];
  for (const [what, flow, expected] of cases)
    test(`where ${what}`, () => {
      const row = gradientDecay([run("a", flow)]).object(0) as Record<string, unknown>;
      assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, row[name]])), expected);
    });
  test("of another epoch, and in an order that the rows do not have", () => {
    const deep = run("deep", [1e-4, 1e-2]);
    assert.equal(gradientDecay([deep], { epoch: 0 }).get("powersLost", 0), 0);
    assert.equal(gradientDecay([deep], { epoch: 7 }).get("powersLost", 0), null);
    assert.equal(gradientDecay([{ ...deep, gradients: [...deep.gradients].reverse() }]).get("atInput", 0), 1e-4);
    assert.match(toText(gradientDecay([deep])), /Powers of ten lost/);
  });
});

describe("vanishingClaims", () => {
  const good = run("good", [1e-3, 1e-3], { loss: 2, accuracy: 0.5 });
  const runs = { shallow: good, deep: run("deep", [1e-9, 1e-8, 1e-7, 1e-3]), bn: good, rc: good, both: good, fastBn: good, fastBoth: good }; // prettier-ignore
  const options = { classes: 100, validationSize: 2500 };
  const verdicts = (given: typeof runs) => vanishingClaims(given, options).array("verdict");
  test("says what came out", () => {
    const [vanish, from, healthy, nothing, mended, , above, equal] = verdicts(runs);
    assert.deepEqual([vanish, from, healthy, nothing, mended, above], Array(6).fill("came out"));
    assert.equal(equal, "too close to tell");
  });
  test("says what did not", () => {
    const turned = { ...runs, deep: good, shallow: runs.deep, bn: runs.deep };
    const came = (["VGG38's gradients vanish (figure 3)", "VGG08's do not (figure 2)", "VGG38 learns nothing (table 1)", "Batch norm mends the gradients (section 6)"]); // prettier-ignore
    const rows = vanishingClaims(turned, options).objects() as { claim: string; verdict: string }[];
    const found = rows.filter(({ claim }) => came.includes(claim)).map(({ verdict }) => verdict);
    assert.deepEqual(found, Array(4).fill("did not come out"));
  });
  test("refuses what lacks a run or a number", () => {
    assert.throws(() => vanishingClaims({ ...runs, rc: undefined } as never, options), /Expected a run as rc/);
    assert.throws(() => vanishingClaims(runs, { classes: 100 } as never), /Expected validationSize to be given/);
    assert.throws(() => vanishingClaims(runs, { ...options, classes: 1 }), /classes to be/);
  });
});

const sweep = (rows: readonly [method: string, group: string | null, ampFactor: number | null, accuracy: number][]) =>
  table({
    run: rows.map((_, at) => `run ${at}`),
    dataset: rows.map(() => "cifar-10"),
    model: rows.map(() => "VGG-19"),
    method: rows.map(([method]) => method),
    part: rows.map(([method]) => (method === "original" ? "baseline" : "s2")),
    group: rows.map(([, group]) => group),
    params: rows.map(([method], at) => (method === "original" ? null : `S2_0_${at}`)),
    strategy: rows.map(([method]) => (method === "original" ? null : "S2_0_xx")),
    ampFactor: rows.map(([, , ampFactor]) => ampFactor),
    seed: rows.map((_, at) => at),
    trainAccuracy: rows.map(() => 1),
    validationAccuracy: rows.map(([, , , accuracy]) => accuracy),
    testAccuracy: rows.map(([, , , accuracy]) => accuracy),
    minutes: rows.map(() => 1),
    learningRate: rows.map(() => 0.1),
    folder: rows.map(() => null),
  });

describe("amplificationClaims", () => {
  test("sets the best of what was tried beside the paper", () => {
    const results = sweep([
      ["original", null, null, 0.9],
      ["original", null, null, 0.92],
      ["amplified", "bn", 2, 0.93],
      ["amplified", "bn", 2, 0.915],
      ["amplified", "relu", 2, 0.93],
      ["amplified", "bn", 10, 0.5],
    ]);
    const claims = amplificationClaims(results);
    assert.deepEqual(claims.array("here"), ["+2.00", "+2.00 and +2.00", "−41.00", "93.00 and 92.00 of 2"]);
    assert.deepEqual(claims.array("verdict"), ["came out", "no difference", "came out", "came out"]);
  });
  test("says what was not run, and names the networks that were", () => {
    const results = sweep([
      ["original", null, null, 0.9],
      ["amplified", "bn", 2, 0.89],
    ]);
    assert.deepEqual(amplificationClaims(results).array("verdict"), ["did not come out", "not run", "not run", "did not come out"]); // prettier-ignore
    assert.throws(() => amplificationClaims(results, { model: "ResNet-18" }), /of ResNet-18 but found 0 and 0; its networks: VGG-19/); // prettier-ignore
  });
});

test("publishedGains sets our best of each method beside the paper's gain", () => {
  const results = sweep([
    ["original", null, null, 0.9],
    ["G case 1", null, null, 0.93],
    ["G case 1", null, null, 0.91],
    ["G case 2", null, null, 0.9],
  ]);
  const gains = publishedGains(results, published("iga")).objects() as Record<string, unknown>[];
  const of = (method: string) => gains.find((row) => row["method"] === method);
  assert.ok(gains.length >= 4 && gains.every(({ model }) => model === "VGG-19"));
  assert.ok(Math.abs(Number(of("G case 1")?.["bestGain"]) - 0.03) < 1e-12);
  assert.deepEqual([of("G case 1")?.["tried"], of("G case 1")?.["verdict"]], [2, "gains, too"]);
  assert.equal(of("G case 2")?.["verdict"], "did not come out");
  assert.deepEqual([of("G′ case 1")?.["bestGain"] ?? null, of("random")?.["verdict"] ?? "not run"], [null, "not run"]);
});

test("choiceInWords tells a gain from chance", () => {
  const chosen = (gain: number | null, pValue: number | null) =>
    choiceInWords(
      table({
        candidates: [9],
        bestGain: [0.02],
        chanceGain: [0.0123],
        chance: [0.1],
        runs: [5],
        testAccuracyImprovement: [gain],
        testAccuracyImprovementPValue: [pValue],
      }),
    );
  assert.equal(
    chosen(0.003, 0.4),
    "Best of 9 by test accuracy: +2.00 points.\nThe best of as many without any effect: +1.23 points on average; chance gives what came out here with probability 0.10.\nChosen by validation: +0.30 points over 5 fresh seeds, p = 0.40:\nno gain that can be told from chance.",
  );
  assert.match(chosen(0.01, 0.01), /more than chance would give\.$/);
  assert.match(chosen(-0.01, 0.01), /no gain/);
  assert.match(chosen(null, null), /an unknown gain over 5 fresh seeds, p = unknown:\nno gain/);
  assert.throws(() => choiceInWords(table({ a: [1] })), /Expected a column candidates but found a/);
});
