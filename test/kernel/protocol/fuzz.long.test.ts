import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { fuzzKernel, FuzzedKernel } from "./fuzz-kernel";

let kernel: FuzzedKernel;
before(() => (kernel = new FuzzedKernel()));
after(() => kernel.close());

test("a kernel computes on after ten thousand messages of every wrong kind", async (t) => {
  assert.ok(await kernel.answers(), kernel.log);
  const seed = Number(process.env["GRADAMP_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  t.diagnostic(`seed ${seed}`);
  assert.equal(await fuzzKernel(kernel, 10_000, 250, seed), null, `seed ${seed}: ${kernel.ended}\n${kernel.log}`);
});
