/** Random programs of tensor operations, for two minutes; the first seed is of the day and printed with each failure. */
import assert from "node:assert/strict";
import { graphTest as test } from "../../support/graph-test";
import { fuzz } from "../fuzz";
import { tensorPrograms } from "./fuzzer";

test("two minutes of programs that nobody has seen", async () => {
  const first = 1_000_000 + Math.floor(Date.now() / 86_400_000) * 100_000;
  const { ran, failures } = await fuzz(tensorPrograms, first, { until: Date.now() + 120_000 });
  assert.deepEqual(failures, [], failures.map(({ seed, why, script }) => `seed ${seed}: ${why}\n${script}`).join("\n"));
  assert.ok(ran > 500, `${ran} ran`);
});
