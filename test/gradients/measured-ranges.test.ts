import assert from "node:assert/strict";
import { test } from "node:test";
import { measuredRanges, resolveMeasure } from "../../src/gradients";

const whole = (steps: number) => ({ first: 0, last: steps, isLast: true });

/** Steps of the run, from 1, that are measured in epochs of so many steps. */
function steps(every: "epoch" | number | { log: number }, length: number, epochs: number): number[] {
  return Array.from({ length: epochs }, (_, epoch) => epoch * length).flatMap((before) => {
    const cut = measuredRanges({ every, reduce: "last" }, before, whole(length));
    assert.deepEqual([cut[0]!.first, cut.at(-1)!.last], [0, length], "the whole epoch is covered");
    cut.slice(1).forEach(({ first }, at) => assert.equal(first, cut[at]!.last, "without gaps"));
    return cut.filter(({ measured }) => measured).flatMap(({ first, last }) => {
      assert.equal(last - first, 1);
      return [before + last];
    }); // prettier-ignore
  });
}

test("an epoch is measured at its last step", () => {
  assert.deepEqual(steps("epoch", 5, 3), [5, 10, 15]);
  assert.deepEqual(measuredRanges({ every: "epoch", reduce: "last" }, 0, whole(5)), [
    { first: 0, last: 4, measured: false },
    { first: 4, last: 5, measured: true },
  ]);
  assert.deepEqual(measuredRanges({ every: "epoch", reduce: "last" }, 0, whole(1)), [{ first: 0, last: 1, measured: true }]); // prettier-ignore
});

test("or as a whole", () => {
  assert.deepEqual(measuredRanges({ every: "epoch", reduce: "epoch-mean" }, 10, whole(5)), [{ first: 0, last: 5, measured: true }]); // prettier-ignore
});

test("an epoch that comes in parts is cut as one that comes as a whole", () => {
  const parts = [
    { first: 0, last: 4, isLast: false },
    { first: 4, last: 7, isLast: true },
  ];
  for (const every of ["epoch", 3, { log: 2 }] as const) {
    const due = (cut: ReturnType<typeof measuredRanges>) =>
      cut.flatMap(({ last, measured }) => (measured ? [last] : []));
    const options = { every, reduce: "last" } as const;
    assert.deepEqual(
      parts.flatMap((part) => due(measuredRanges(options, 5, part))),
      due(measuredRanges(options, 5, whole(7))),
    );
  }
});

test("every n-th step counts through the epochs", () => {
  assert.deepEqual(steps(4, 7, 3), [4, 8, 12, 16, 20]);
  assert.deepEqual(steps(1, 3, 2), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(steps(100, 7, 3), []);
});

test("a logarithmic schedule has n steps in each power of ten", () => {
  assert.deepEqual(steps({ log: 1 }, 50, 30), [1, 10, 100, 1000]);
  assert.deepEqual(steps({ log: 4 }, 50, 3), [1, 2, 3, 6, 10, 18, 32, 56, 100]);
  assert.deepEqual(steps({ log: 10 }, 40, 1), [1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 32, 40]);
  // From 10 on ten in each power, as long as rounding keeps them apart.
  assert.equal(steps({ log: 10 }, 1000, 10).filter((step) => step >= 100 && step < 10_000).length, 20);
});

test("a schedule that makes no sense is refused", () => {
  const refused = (options: object, message: RegExp) =>
    assert.throws(() => resolveMeasure(options as never), { name: "RangeError", message });
  refused({ every: 0 }, /"epoch", a whole number of steps or \{ log: n \} but found 0/);
  refused({ every: 1.5 }, /1\.5/);
  refused({ every: { log: 0 } }, /\{"log":0\}/);
  refused({ every: "step" }, /"step"/);
  refused({ every: 10, reduce: "epoch-mean" }, /"epoch" with reduce "epoch-mean" but found 10/);
  refused({ reduce: "mean" }, /"mean"/);
  refused({ statistics: ["gradients"] }, /gradientFlow.*histogram.*"gradients"/);
  refused({ histogram: { low: 3, high: 3 } }, /low to lie below.*3 and 3/);
});
