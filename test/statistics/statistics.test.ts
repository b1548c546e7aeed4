import assert from "node:assert/strict";
import { test } from "node:test";

import {
  bestOfByChance,
  chanceOfGain,
  expectedBestOf,
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
