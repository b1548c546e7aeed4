import assert from "node:assert/strict";
import { test } from "node:test";
import { checkRates, cosine, staged, toSchedule } from "../../src/spec";

const own = (at: (epoch: number) => number) => ({ description: "own", at });

test("a schedule of one's own is asked for every epoch before the first", () => {
  const asked: number[] = [];
  checkRates(own((epoch) => (asked.push(epoch), 0.1)), 4); // prettier-ignore
  assert.deepEqual(asked, [1, 2, 3, 4]);
  assert.throws(
    () =>
      checkRates(
        own((epoch) => (epoch === 3 ? NaN : 0.1)),
        4,
      ),
    /rate of epoch 3 .*found NaN/,
  );
  assert.throws(
    () =>
      checkRates(
        own(() => 0.1),
        1e6,
      ),
    /at most 100,000 epochs .* found 1000000/,
  );
});

test("known schedules are checked in no time, however many epochs there are", () => {
  const epochs = Number.MAX_SAFE_INTEGER;
  for (const schedule of [toSchedule(0.1), cosine(0.1, { min: 0.01 }), staged([[epochs, 0.1]])])
    checkRates(schedule, epochs);
  assert.throws(() => checkRates(staged([[10, 0.1]]), epochs), /an epoch up to 10/);
});
