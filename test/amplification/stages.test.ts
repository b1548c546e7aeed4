import assert from "node:assert/strict";
import { test } from "node:test";
import { stages, strategy } from "../../src/amplification";

test("S1 and S2 are the papers' schedules", () => {
  const tuples = (name: string) =>
    strategy(name, { group: "bn" }).stages.map(({ end, learningRate, ampRatio, ampFactor }) => [
      end,
      learningRate,
      ampRatio,
      ampFactor,
    ]);
  assert.deepEqual(tuples("S1_0.7"), [
    [50, 0.1, 0, 1],
    [100, 0.1, 0.7, 2],
    [130, 0.01, 0, 1],
    [150, 0.01, 0, 1],
  ]);
  assert.deepEqual(tuples("S2_0.1_0.3"), [
    [50, 0.1, 0, 1],
    [100, 0.1, 0.1, 2],
    [130, 0.01, 0.3, 2],
    [150, 0.01, 0, 1],
  ]);
});

test("a schedule can be scaled to fewer epochs", () => {
  const plan = strategy("S2_0.1_0.3", { group: "bn", epochScale: 0.1 });
  assert.deepEqual(
    plan.stages.map((stage) => stage.end),
    [5, 10, 13, 15],
  );
});

test("what makes no sense is refused", () => {
  assert.throws(() => strategy("S3_0.1", { group: "bn" }), {
    name: "RangeError",
    message: /"S1_0.7" or "S2_0.1_0.3" but found "S3_0.1"/,
  });
  assert.throws(() => strategy("S1_1.7", { group: "bn" }), { name: "RangeError", message: /found 1.7/ });
  assert.throws(() => strategy("S1_0.7"), { name: "TypeError", message: /group/ });
  assert.throws(() => stages([]), { name: "RangeError" });
  assert.throws(
    () =>
      stages([
        [50, 0.1, 0, 1],
        [50, 0.1, 0, 1],
      ]),
    { name: "RangeError", message: /stage 2 to end after epoch 50 but found end 50/ },
  );
  assert.throws(() => stages([[1.5, 0.1, 0, 1]]), { name: "RangeError" });
  assert.throws(() => stages([[5, 0, 0, 1]]), { name: "RangeError", message: /learning rate above 0 but found 0/ });
  assert.throws(() => stages([[5, 0.1, 0, -1]]), { name: "RangeError" });
});
