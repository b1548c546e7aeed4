/** Random models with random options come to the same weights on both engines. */
import assert from "node:assert/strict";
import { graphTest as test } from "../../support/graph-test";
import { fuzz } from "../fuzz";
import { models } from "./fuzzer";

test("twenty models of fixed seeds", async () => {
  const { ran, failures } = await fuzz(models, 1, { cases: 20 });
  assert.deepEqual(failures, []);
  assert.ok(ran > 15, `${ran} ran`);
});
