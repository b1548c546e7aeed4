import assert from "node:assert/strict";
import { test } from "node:test";

import { random } from "../../src/datasets/batches/random";
import {
  bestOfByChance,
  chanceOfGain,
  checkOneSetting,
  differingSetting,
  expectedBestOf,
  holm,
  judgeDifference,
  judgeNumber,
  pairedDifference,
  selectOnValidation,
  summarise,
} from "../../src/statistics";

test("what one value cannot say is null", () => {
  assert.deepEqual(summarise([]), { n: 0, mean: null, deviation: null, low: null, high: null });
  assert.deepEqual(summarise([0.5]), { n: 1, mean: 0.5, deviation: null, low: null, high: null });
  assert.deepEqual(summarise([0.5, 0.5]), { n: 2, mean: 0.5, deviation: 0, low: 0.5, high: 0.5 });
});

test("seeds that one side lacks are left out and named", () => {
  const found = pairedDifference(
    [
      { seed: 3, value: 5 },
      { seed: 1, value: 2 },
      { seed: 9, value: 100 },
    ],
    [
      { seed: 1, value: 1 },
      { seed: 2, value: 50 },
      { seed: 3, value: 3 },
    ],
  );
  assert.equal(found.n, 2);
  assert.equal(found.mean, 1.5);
  assert.deepEqual(found.unpaired, [2, 9]);
});

test("differences that are all equal: certain where they are not 0, nothing to test where they are", () => {
  const pairs = (gain: number) =>
    pairedDifference(
      [
        { seed: 1, value: 0.5 + gain },
        { seed: 2, value: 0.75 + gain },
      ],
      [
        { seed: 1, value: 0.5 },
        { seed: 2, value: 0.75 },
      ],
    );
  assert.equal(pairs(0).pValue, null);
  assert.equal(pairs(0.25).pValue, 0);
  assert.deepEqual([pairs(0.25).low, pairs(0.25).high], [0.25, 0.25]);
});

const wrong: [string, () => unknown, typeof RangeError | typeof TypeError, RegExp][] = [
  ["NaN", () => summarise([1, NaN]), RangeError, /finite but found NaN/],
  ["text", () => summarise(["1" as unknown as number]), TypeError, /numbers but found 1/],
  ["confidence in per cent", () => summarise([1, 2], { confidence: 95 }), RangeError, /found 95: 95 % is 0.95/],
  [
    "a seed twice",
    () =>
      pairedDifference(
        [
          { seed: 1, value: 1 },
          { seed: 1, value: 2 },
        ],
        [],
      ),
    RangeError,
    /two for 1/,
  ],
  ["no trial", () => expectedBestOf(0), RangeError, /found 0/],
  ["half a trial", () => bestOfByChance({ trials: 1.5, deviation: 1 }), RangeError, /found 1.5/],
  ["one baseline run", () => bestOfByChance({ trials: 2, deviation: 1, baselineRuns: 1 }), RangeError, /found 1: one run has no deviation/], // prettier-ignore
  ["a p value above 1", () => holm([0.1, 2]), RangeError, /found 2/],
  ["a negative deviation", () => chanceOfGain(1, { trials: 2, deviation: -1 }), RangeError, /found -1/],
  ["a gain that is no number", () => chanceOfGain(NaN, { trials: 2, deviation: 1 }), RangeError, /found NaN/],
  [
    "nothing to choose from",
    () => selectOnValidation([], { validation: () => 1, test: () => 1 }),
    RangeError,
    /found no trial/,
  ],
];
for (const [name, call, type, message] of wrong) {
  test(`refused: ${name}`, () =>
    assert.throws(call, (error: Error) => error instanceof type && message.test(error.message)));
}

test("a best of many without scatter has no gain by chance", () => {
  assert.deepEqual(bestOfByChance({ trials: 100, deviation: 0 }), { expected: 0, high: 0 });
  assert.equal(chanceOfGain(0.01, { trials: 100, deviation: 0 }), 0);
  assert.equal(chanceOfGain(0, { trials: 100, deviation: 0 }), 1);
});

test("a setting is chosen by validation, and the test split is looked at once for each of its runs", () => {
  const trials = [
    { threshold: 1, seed: 1, validation: 0.8, test: 0.99 },
    { threshold: 2, seed: 1, validation: 0.9, test: 0.7 },
    { threshold: 2, seed: 2, validation: 0.86, test: 0.72 },
    { threshold: 3, seed: 1, validation: 0.95, test: 0.6 },
    { threshold: 3, seed: 2, validation: 0.75, test: 0.6 },
    { threshold: 4, seed: 1, validation: 0.99, test: 0.5 },
    { threshold: 4, seed: 2, validation: NaN, test: NaN },
  ];
  const looked: (typeof trials)[number][] = [];
  const chosen = selectOnValidation(trials, {
    by: (trial) => trial.threshold,
    validation: (trial) => trial.validation,
    test: (trial) => {
      looked.push(trial);
      return trial.test;
    },
  });
  assert.deepEqual(looked, [trials[1], trials[2]]);
  assert.deepEqual(chosen.runs, [trials[1], trials[2]]);
  assert.equal(chosen.candidates, 4);
  assert.equal(chosen.validation.mean, 0.88);
  assert.equal(chosen.test.mean, 0.71);
});

test("losses are chosen by their lowest, and the first of equal settings is taken", () => {
  const trials = [{ loss: 2 }, { loss: 1 }, { loss: 1 }];
  const { runs } = selectOnValidation(trials, { validation: (t) => t.loss, test: (t) => t.loss, direction: "min" });
  assert.equal(runs[0], trials[1]);
});

test("bestOfByChance is calibrated: what should come once in twenty tables comes in 4 to 6 % of 20,000", () => {
  const draws = random(18);
  const normal = () => Math.sqrt(-2 * Math.log(1 - draws.uniform(0, 1))) * Math.cos(2 * Math.PI * draws.uniform(0, 1));
  for (const [trials, baselineRuns] of [
    [8, 3],
    [16, 3],
    [19, 5],
    [76, 10],
  ] as const) {
    // prettier-ignore
    const { high } = bestOfByChance({ trials, deviation: 1, baselineRuns });
    let exceeded = 0;
    for (let table = 0; table < 20_000; table++) {
      const { mean, deviation } = summarise(Array.from({ length: baselineRuns }, normal));
      let best = -Infinity;
      for (let trial = 0; trial < trials; trial++) best = Math.max(best, normal());
      if (best - (mean ?? NaN) > high * (deviation ?? NaN)) exceeded++;
    }
    const share = exceeded / 20_000;
    assert.ok(share > 0.04 && share < 0.06, `k = ${trials}, n = ${baselineRuns}: ${share}`);
  }
});

test("Holm: the smallest p value competes with all, the next with the rest, and none after the first that is too large", () => {
  const found = holm([0.01, 0.04, 0.03, null, 0.005]);
  const near = (actual: (number | null)[], expected: (number | null)[]) =>
    actual.forEach((value, at) => assert.ok(value === expected[at] || Math.abs((value ?? NaN) - (expected[at] ?? NaN)) < 1e-12, `${actual.join()}`)); // prettier-ignore
  // 0.005 · 4, 0.01 · 3, 0.03 · 2, and no less than that.
  near(found.map(({ adjusted }) => adjusted), [0.03, 0.06, 0.06, null, 0.02]); // prettier-ignore
  // The intervals that exclude 0 are those whose adjusted p value is below 0.05; those that do not share a level.
  near(found.map(({ confidence }) => confidence), [1 - 0.05 / 3, 1 - 0.05 / 2, 1 - 0.05 / 2, 0.95, 1 - 0.05 / 4]); // prettier-ignore
  assert.deepEqual(holm([]), []);
});

test("a number: reproduced within, refuted outside, inconclusive on the edge; a wider interval never helps", () => {
  const published = { value: 0.91, allowed: 0.01 };
  const judge = (centre: number, half: number) => judgeNumber({ low: centre - half, high: centre + half }, published);
  assert.equal(judge(0.912, 0.005), "reproduced");
  assert.equal(judge(0.93, 0.005), "refuted");
  assert.equal(judge(0.918, 0.005), "inconclusive");
  assert.equal(judgeNumber({ low: null, high: null }, published), "inconclusive");
  for (const centre of [0.88, 0.9, 0.91, 0.919, 0.921, 0.94]) {
    let decided = true;
    for (let half = 0; half < 0.1; half += 0.001) {
      const now = judge(centre, half) !== "inconclusive";
      assert.ok(decided || !now, `${centre} ± ${half} is decided though a narrower interval is not`);
      decided = now;
    }
  }
});

test("a difference: by the side of 0 on which its whole interval lies", () => {
  const cases: [low: number | null, high: number | null, published: number, verdict: string][] = [
    [0.001, 0.03, 0.0227, "reproduced"],
    [-0.03, -0.001, 0.0227, "refuted"],
    [-0.03, -0.001, -0.0014, "reproduced"],
    [-0.001, 0.03, 0.0227, "inconclusive"],
    [0, 0.03, 0.0227, "inconclusive"],
    [0.01, 0.03, 0, "inconclusive"],
    [null, null, 0.0227, "inconclusive"],
  ];
  for (const [low, high, published, verdict] of cases) assert.equal(judgeDifference({ low, high }, published), verdict);
});

test("only seeds are averaged: what else differs is named, what was measured and which run it was does not count", () => {
  const row = { run: "a", seed: 0, model: "VGG-19", reselect: "stage", testAccuracy: 0.9, baseline: 0.8 };
  assert.equal(differingSetting([row, { ...row, run: "b", seed: 1, testAccuracy: 0.91, baseline: 0.7 }]), null);
  assert.equal(differingSetting([row, { ...row, seed: 1, reselect: "2 epochs" }]), "reselect");
  assert.equal(differingSetting([row, { ...row, momentum: 0.9 }]), "momentum");
  assert.equal(differingSetting([]), null);
  assert.throws(
    () => checkOneSetting([row, { ...row, reselect: "2 epochs" }], "runs"),
    /found reselect stage, 2 epochs/,
  );
});
