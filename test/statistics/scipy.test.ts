import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import {
  bestOfByChance,
  chanceOfGain,
  expectedBestOf,
  pairedDifference,
  type SeedValue,
  summarise,
} from "../../src/statistics";

/** What scipy says: test/fixtures/scipy/make-fixtures.py. */
interface Fixture {
  summaries: Record<
    string,
    { values: number[]; mean: number; deviation: number; interval: Record<string, [number, number]> }
  >;
  pairs: Record<
    string,
    { treated: number[]; baseline: number[]; mean: number; low: number; high: number; pValue: number }
  >;
  bestOf: { trials: number; expected: number }[];
  gains: { gain: number; trials: number; deviation: number; baselineRuns: number | null; chance: number }[];
}
const root = join(__dirname, "..", "..", "..");
const scipy = JSON.parse(readFileSync(join(root, "test", "fixtures", "scipy", "statistics.json"), "utf8")) as Fixture;

const near = (actual: number | null, expected: number, tolerance: number, what: string) =>
  assert.ok(
    actual !== null && Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${what} is ${actual}, scipy says ${expected}`,
  );
const bySeed = (values: number[]): SeedValue[] => values.map((value, seed) => ({ seed, value }));

for (const [name, { values, mean, deviation, interval }] of Object.entries(scipy.summaries)) {
  test(`mean, deviation and intervals are scipy's: ${name}`, () => {
    const found = summarise(values);
    assert.equal(found.n, values.length);
    near(found.mean, mean, 1e-14, "mean");
    near(found.deviation, deviation, 1e-11, "deviation");
    for (const [confidence, [low, high]] of Object.entries(interval)) {
      const { low: ourLow, high: ourHigh } = summarise(values, { confidence: Number(confidence) });
      near(ourLow, low, 1e-11, `low at ${confidence}`);
      near(ourHigh, high, 1e-11, `high at ${confidence}`);
    }
  });
}

for (const [name, { treated, baseline, mean, low, high, pValue }] of Object.entries(scipy.pairs)) {
  test(`paired differences are scipy's ttest_rel: ${name}`, () => {
    // In another order than the baseline's: seeds make the pairs, not places.
    const found = pairedDifference(bySeed(treated).reverse(), bySeed(baseline));
    assert.equal(found.n, treated.length);
    assert.deepEqual(found.unpaired, []);
    near(found.mean, mean, 1e-14, "mean");
    near(found.low, low, 1e-12, "low");
    near(found.high, high, 1e-12, "high");
    near(found.pValue, pValue, 1e-11, "pValue");
  });
}

test("the expected best of k draws is scipy's integral", () => {
  for (const { trials, expected } of scipy.bestOf) near(expectedBestOf(trials), expected, 1e-10, `best of ${trials}`);
});

test("the chance of a gain by the best of k is scipy's integral", () => {
  for (const { gain, chance, ...options } of scipy.gains)
    near(chanceOfGain(gain, options), chance, 1e-10, `${gain} with ${JSON.stringify(options)}`);
});

test("the high gain of bestOfByChance is the one whose chance is a twentieth", () => {
  for (const trials of [1, 19, 121])
    for (const baselineRuns of [null, 2, 5]) {
      const options = { trials, deviation: 0.3, baselineRuns };
      near(chanceOfGain(bestOfByChance(options).high, options), 0.05, 1e-10, `chance for ${JSON.stringify(options)}`);
    }
});

test("one trial is Student's prediction: t(n − 1) times √(1 + 1 / n)", () => {
  // t(0.95) for 1, 4 and 9 degrees of freedom.
  for (const [baselineRuns, t] of [[2, 6.313751514675041], [5, 2.13184678632665], [10, 1.8331129326562374]] as const) // prettier-ignore
    near(bestOfByChance({ trials: 1, deviation: 1, baselineRuns }).high, t * Math.sqrt(1 + 1 / baselineRuns), 1e-9, `${baselineRuns} runs`); // prettier-ignore
});

test("the expected gain is what the best of k gives, a sample deviation being too small on average", () => {
  near(bestOfByChance({ trials: 19, deviation: 0.3 }).expected, 0.3 * expectedBestOf(19), 1e-15, "a known deviation");
  // c₄ of 2, 3 and 5 runs.
  for (const [baselineRuns, c4] of [[2, 0.7978845608028654], [3, 0.886226925452758], [5, 0.9399856029866254]] as const) // prettier-ignore
    near(bestOfByChance({ trials: 19, deviation: 0.3, baselineRuns }).expected, (0.3 * expectedBestOf(19)) / c4, 1e-9, `${baselineRuns} runs`); // prettier-ignore
});
