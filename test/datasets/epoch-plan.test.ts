import assert from "node:assert/strict";
import { test } from "node:test";
import { epochPlan } from "../../src/datasets";

const augmentation = { pad: 4, flip: true };
const column = (plan: Int32Array, c: number) => plan.filter((_, i) => i % 4 === c);

test("every sample occurs once, in an order of its own each epoch", () => {
  const first = column(epochPlan(1000, { seed: 1, epoch: 1, augmentation }), 0);
  const second = column(epochPlan(1000, { seed: 1, epoch: 2, augmentation }), 0);
  const all = Array.from({ length: 1000 }, (_, i) => i);
  assert.deepEqual(
    [...first].sort((a, b) => a - b),
    all,
  );
  assert.deepEqual(
    [...second].sort((a, b) => a - b),
    all,
  );
  const same = first.filter((sample, i) => sample === second[i]).length;
  assert.ok(same < 10, `${same} samples at the same place`);
});

test("seed and epoch fix the plan", () => {
  const plan = epochPlan(100, { seed: 9, epoch: 4, augmentation });
  assert.deepEqual(plan, epochPlan(100, { seed: 9, epoch: 4, augmentation }));
  assert.notDeepEqual(plan, epochPlan(100, { seed: 10, epoch: 4, augmentation }));
});

test("all 81 offsets and both mirrorings are equally frequent", () => {
  const size = 162_000;
  const plan = epochPlan(size, { seed: 2, epoch: 1, augmentation });
  const cells = new Array<number>(162).fill(0);
  for (let i = 0; i < size; i++) cells[(plan[4 * i + 1]! * 9 + plan[4 * i + 2]!) * 2 + plan[4 * i + 3]!]!++;
  assert.equal(Math.min(...cells) > 0, true);
  const chiSquare = cells.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  // 161 degrees of freedom: the 0.01 % and 99.99 % points are 101 and 236.
  assert.ok(chiSquare > 101 && chiSquare < 236, `chi square ${chiSquare}`);
});

test("offsets do not depend on the sample they belong to", () => {
  const size = 50_000;
  const plan = epochPlan(size, { seed: 3, epoch: 7, augmentation });
  const at = (c: number, i: number) => plan[4 * i + c]!;
  for (const c of [1, 2, 3]) {
    const middle = c === 3 ? 0.5 : 4;
    let covariance = 0;
    for (let i = 0; i < size; i++) covariance += ((at(0, i) / size - 0.5) * (at(c, i) - middle)) / size;
    // Independent, its deviation is at most 0.29 * 2.6 / sqrt(50,000) = 0.0034.
    assert.ok(Math.abs(covariance) < 0.015, `column ${c}: ${covariance}`);
  }
});

for (const [what, plan, expected] of [
  ["without augmentation nothing moves", { augmentation: null, shuffle: false }, [0, 0, 0, 0, 1, 0, 0, 0]],
  [
    "without padding and mirroring nothing moves",
    { augmentation: { pad: 0, flip: false }, shuffle: false },
    [0, 0, 0, 0, 1, 0, 0, 0],
  ],
] as const)
  test(what, () => assert.deepEqual([...epochPlan(2, { seed: 1, epoch: 1, ...plan })], expected));

test("a size or padding that is no count is a RangeError", () => {
  assert.throws(() => epochPlan(-1, { seed: 0, epoch: 1, augmentation }), RangeError);
  assert.throws(() => epochPlan(2, { seed: 0, epoch: 1, augmentation: { pad: 1.5, flip: true } }), {
    name: "RangeError",
    message: "Expected augmentation.pad to be an integer of at least 0 pixels but found 1.5",
  });
});
