/** Random models with random options, for two minutes; the first seed is of the day and printed with each failure. */
import assert from "node:assert/strict";
import { graphTest as test } from "../../support/graph-test";
import { fuzz } from "../fuzz";
import { models } from "./fuzzer";

test("two minutes of models that nobody has seen", async () => {
  const first = 1_000_000 + Math.floor(Date.now() / 86_400_000) * 100_000;
  const { ran, failures } = await fuzz(models, first, { until: Date.now() + 120_000 });
  assert.deepEqual(failures, [], failures.map(({ seed, why, script }) => `seed ${seed}: ${why}\n${script}`).join("\n"));
  assert.ok(ran > 50, `${ran} ran`);
});
