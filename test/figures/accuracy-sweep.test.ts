import assert from "node:assert/strict";
import { test } from "node:test";

import * as figures from "../../src/figures";
import type { TrialRow } from "../../src/figures/trials/trial-row";

const trial: TrialRow & Record<string, unknown> = {
  model: "VGG-19",
  dataset: "cifar-10",
  group: "bn",
  ampRatio: 0.3,
  ampFactor: 2,
  threshold: null,
  directionality: null,
  sides: null,
  strategy: "S2_0.1_xx",
  seed: 0,
  accuracy: 0.92,
  baseline: 0.91,
};
const amplified = ({ data }: { data: { name?: string; y?: unknown }[] }) =>
  data.filter(({ name }) => name === "amplified").map(({ y }) => y);

test("seeds of one setting are averaged", () => {
  const figure = figures.accuracyAgainstRatio([trial, { ...trial, seed: 1, accuracy: 0.94 }]);
  assert.deepEqual(amplified(figure as never), [[0.93]]);
});

test("schedules, selections at other intervals and networks of other groups get panels of their own", () => {
  const strategies = ["S1_xx", "S2_0.1_xx", "S2_0.3_xx"].map((strategy, at) => ({ ...trial, strategy, accuracy: 0.9 + at / 100 })); // prettier-ignore
  assert.deepEqual(amplified(figures.accuracyAgainstRatio(strategies) as never), [[0.9], [0.91], [0.92]]);
  const chosen = { ...trial, group: null, ampRatio: null, threshold: 1, directionality: "G" as const, sides: "one" as const, strategy: "params1" }; // prettier-ignore
  const often = ["stage", "2 epochs", "5 epochs"].map((reselect, at) => ({ ...chosen, reselect, accuracy: 0.9 + at / 100 })); // prettier-ignore
  assert.deepEqual(amplified(figures.accuracyAgainstThreshold(often) as never), [[0.9], [0.91], [0.92]]);
  const factors = [trial, { ...trial, model: "ResNet-18", group: "first-bn-of-block" }];
  assert.equal(figures.accuracyAgainstFactor(factors).layout.annotations?.some(({ text }) => text === "not run") ?? false, false); // prettier-ignore
});

const mixtures: [column: string, other: Record<string, unknown>][] = [
  ["scope", { scope: "parameters" }],
  ["weightDecay", { weightDecay: 5e-4 }],
  ["learningRate", { learningRate: 0.2 }],
  ["params", { params: "S2_0.6_0.3" }],
  ["width", { width: 16 }],
];
for (const [column, other] of mixtures)
  test(`what differs in ${column} is refused by name, whatever its seed`, () => {
    for (const seed of [0, 1])
      assert.throws(
        () => figures.accuracyAgainstRatio([trial, { ...trial, ...other, seed }]),
        (error: Error) => error instanceof RangeError && error.message.includes(`found ${column} `),
      );
  });

test("two accuracies of one seed are refused", () => {
  assert.throws(() => figures.accuracyAgainstRatio([trial, { ...trial, accuracy: 0.5 }]), /two for seed 0/);
});

test("an axis says which accuracy it is", () => {
  const titled = (quantity: string) =>
    JSON.stringify(figures.accuracyAgainstRatio([{ ...trial, quantity } as TrialRow]).layout);
  assert.match(titled("trainAccuracy"), /training accuracy/);
  assert.doesNotMatch(titled("trainAccuracy"), /test accuracy/);
  assert.match(titled("bestTestAccuracy"), /test accuracy at best/);
  assert.throws(
    () => figures.accuracyAgainstRatio([trial, { ...trial, seed: 1, quantity: "trainAccuracy" }]),
    /quantity/,
  );
});
