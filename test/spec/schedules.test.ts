/** Learning rates by the step: against PyTorch's schedulers, their notation, what they refuse. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  checkRates,
  cosine,
  cosineRestarts,
  keyed,
  oneCycle,
  parseLearningRate,
  polynomial,
  ratesOfSteps,
  specOfSchedule,
  toSchedule,
  warmUp,
} from "../../src/spec";
import { readFixture } from "../support/pytorch-fixture";

interface SchedulesFixture {
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly runs: readonly { readonly notation: string; readonly rates: number[] }[];
}

const { epochs, stepsPerEpoch, runs } = readFixture<SchedulesFixture>("schedules.json");
const ratesOf = (schedule: ReturnType<typeof toSchedule>) =>
  Array.from({ length: epochs }, (_, at) => [
    ...ratesOfSteps(schedule, {
      epoch: at + 1,
      epochs,
      first: (at + 1 - 1) * stepsPerEpoch,
      count: stepsPerEpoch,
      stepsPerEpoch,
    }),
  ]).flat();

for (const { notation, rates } of runs) {
  test(`${notation} is PyTorch's, step by step`, () => {
    const schedule = parseLearningRate(notation);
    ratesOf(schedule).forEach((rate, at) =>
      assert.ok(Math.abs(rate - rates[at]!) < 2e-7 * 0.4, `step ${at + 1}: ${rate} against ${rates[at]}`),
    );
  });

  test(`${notation} is read from its description, and from how it is written down`, () => {
    const schedule = parseLearningRate(notation);
    assert.deepEqual(ratesOf(parseLearningRate(schedule.description)), ratesOf(schedule));
    const written = JSON.parse(JSON.stringify(specOfSchedule(schedule, epochs))) as never;
    assert.deepEqual(ratesOf(toSchedule(written)), ratesOf(schedule));
    assert.deepEqual(specOfSchedule(toSchedule(written), epochs), written);
  });
}

test("a warm-up before a schedule by the epoch leaves its epochs as they are", () => {
  const schedule = warmUp({ staged: [[2, 0.1], [5, 0.01]] }, { epochs: 1 }); // prettier-ignore
  const rates = ratesOf(schedule);
  assert.deepEqual(rates.slice(0, 8), Array.from({ length: 8 }, (_, at) => (0.1 * at) / 8)); // prettier-ignore
  assert.deepEqual(rates.slice(8), [...Array<number>(8).fill(0.1), ...Array<number>(24).fill(0.01)]); // prettier-ignore
});

test("a warm-up longer than the run rises through all of it", () => {
  const rates = ratesOf(warmUp(0.1, { steps: 80 }));
  assert.ok(rates.every((rate, at) => Math.abs(rate - (0.1 * at) / 80) < 1e-8));
});

test("one cycle over few steps has a rate for each", () => {
  for (const steps of [1, 2, 3, 4])
    for (let step = 1; step <= steps; step++) {
      const rate = oneCycle(0.4).atStep!({ step, steps, stepsPerEpoch: steps, epoch: 1, epochs: 1 });
      assert.ok(rate > 0 && rate <= 0.4, `${step} of ${steps}: ${rate}`);
    }
});

test("a function of the step is a schedule, known by its key", () => {
  const falling = keyed(
    "falling",
    ({ step, steps }: { step: number; steps: number }) => 0.1 * (1 - step / (steps + 1)),
  );
  const schedule = toSchedule(falling);
  assert.equal(schedule.description, "falling");
  assert.ok(Math.abs(ratesOf(schedule)[19]! - 0.1 * (1 - 20 / 41)) < 1e-8);
  const written = specOfSchedule(schedule, epochs) as { own: { key: string } };
  assert.equal(written.own.key, "falling");
  assert.throws(() => toSchedule(written as never), /learning rate to be known by name but found a function/);
});

describe("what makes no sense is refused", () => {
  for (const [make, message] of [
    [() => oneCycle(0), /learning rate to be above 0 but found 0/],
    [() => oneCycle(0.1, { warmUp: 1 }), /warmUp to lie in \(0, 1\) but found 1/],
    [() => oneCycle(0.1, { wramUp: 0.3 } as never), /oneCycle\.wramUp: did you mean warmUp\?/],
    [() => polynomial(0.1, { power: -1 }), /power to be above 0/],
    [() => polynomial(0.1, { min: 0.2 }), /min to lie in \[0, 0\.1\] but found 0\.2/],
    [() => cosineRestarts(0.1, {}), /epochs or steps but found neither/],
    [() => cosineRestarts(0.1, { epochs: 1, steps: 5 }), /epochs or steps but found both/],
    [() => cosineRestarts(0.1, { steps: 2.5 }), /steps to be a whole number/],
    [() => warmUp(0.1, { steps: 0 }), /steps to be a whole number above 0/],
    [() => warmUp(-1, { steps: 5 }), /learning rate to be above 0/],
    [() => cosine(0.1, { per: "batch" as never }), /per to be "epoch" or "step"/],
    [() => toSchedule((async () => Promise.resolve(1)) as never), /to give a number for a step but found a Promise/],
    [() => toSchedule(oneCycle as never), /found a function: call it: ga\.oneCycle\(…\)/],
    [() => toSchedule({ cosine: 0.1, mni: 0 } as never), /did you mean min\?/],
    [() => toSchedule({ no: 1 } as never), /Expected learning rate to be a number above 0/],
    [() => parseLearningRate("oneCycel(0.1)"), /learning rate like 0\.1/],
    [() => parseLearningRate("warmUp(0.1, 5)"), /learning rate like 0\.1/],
    [
      () =>
        checkRates(
          toSchedule(({ step }) => 3 - step),
          5,
          8,
        ),
      /learning rate of step 4 .* to be at least 0 but found -1/,
    ],
    [() => checkRates(toSchedule((() => "a") as never), 5, 8), /to be at least 0 but found "a"/],
  ] as [() => unknown, RegExp][])
    test(String(make).slice(6), () => assert.throws(make, message));
});
