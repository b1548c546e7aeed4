import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";

import { markdownBlocks } from "../support/code-blocks";
import { root } from "../support/committed-text";
import { runCodeBlocks } from "../support/run-code-blocks";

describe("docs/graph-engine.md", () => {
  const results = runCodeBlocks(markdownBlocks(join(root, "docs", "graph-engine.md")), { name: "graph-engine" });
  for (const { name, typeErrors, error } of results) {
    test(`${name} compiles and runs`, () => {
      assert.deepEqual(typeErrors, []);
      assert.equal(error, null);
    });
  }
  test("its step and its loop learn", () => {
    const [step, loop] = results.map(({ output }) => output ?? "");
    const [loss, traces] = (step ?? "").trim().split(" ").map(Number);
    assert.ok(loss! > 0 && loss! < 1.1, `a loss of ${loss}, less than that of guessing`);
    assert.equal(traces, 1);
    assert.match(loop ?? "", /^20 of 20 steps, \d+ told, loss 0\.\d+\n20 of 20 steps, \d+ told, loss 0\.[0-3]\d+$/m);
  });
});
