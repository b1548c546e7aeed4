import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { markdownBlocks } from "../support/code-blocks";
import { root } from "../support/committed-text";
import { runCodeBlocks } from "../support/run-code-blocks";

const results = runCodeBlocks(markdownBlocks(join(root, "docs", "graph-engine.md")), { name: "graph-engine" });

test("the page shows a step and a loop, and they print what it says", () => {
  assert.equal(results.length, 2);
  const [step, loop] = results.map(({ output }) => output);
  const [loss, traces] = step!.trim().split(" ").map(Number);
  assert.ok(loss! > 0 && loss! < 1.2, step);
  assert.equal(traces, 1);
  const losses = [...loop!.matchAll(/^20 of 20 steps, 20 told, loss ([\d.]+)$/gm)].map(([, value]) => Number(value));
  assert.equal(losses.length, 2, loop);
  assert.ok(losses[0]! < 0.6 && losses[1]! < losses[0]!, loop);
});

for (const { name, typeErrors, error } of results) {
  test(`${name} compiles and runs`, () => {
    assert.deepEqual(typeErrors, []);
    assert.equal(error, null);
  });
}
