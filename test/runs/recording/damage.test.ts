import assert from "node:assert/strict";
import { test } from "node:test";

import { damageRuns } from "./damaged-runs";

test("a run with files deleted, cut, flipped or replaced ends with its own numbers or an error that names a file", async (t) => {
  const seed = Number(process.env["GRADAMP_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  const found = await damageRuns(t, 12, seed);
  t.diagnostic(`seed ${seed}: ${found.filter(({ outcome }) => outcome === "named error").length} named errors`);
  assert.equal(found.length, 12);
});
