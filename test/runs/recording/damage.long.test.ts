import assert from "node:assert/strict";
import { test } from "node:test";

import { damageRuns } from "./damaged-runs";

test("two hundred runs with damaged files end with their own numbers or an error that names a file", async (t) => {
  const seed = Number(process.env["GRADAMP_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  const found = await damageRuns(t, 200, seed);
  const errors = found.filter(({ outcome }) => outcome === "named error");
  t.diagnostic(`seed ${seed}: ${found.length - errors.length} same numbers, ${errors.length} named errors`);
  // Either way happens, or nothing was tried.
  assert.ok(errors.length > 10 && errors.length < 190);
});
