import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";

import { markdownBlocks } from "../support/code-blocks";
import { root } from "../support/committed-text";
import { runCodeBlocks } from "../support/run-code-blocks";

describe("docs/coming-from.md", () => {
  const results = runCodeBlocks(markdownBlocks(join(root, "docs", "coming-from.md")), { name: "coming-from" });
  for (const { name, typeErrors, error } of results)
    test(`${name} compiles and runs`, () => {
      assert.deepEqual(typeErrors, []);
      assert.equal(error, null);
    });

  test("what it prints is what it says", () => {
    const printed = (words: string) => results.find(({ block }) => block.code.includes(words))?.output ?? "";
    assert.match(printed("ga.warmUp"), /\[ 0\.000[0-9]+, 0 \]/);
    assert.match(printed("earlyStopping"), /stopped early [34]|finished 4/);
    assert.match(printed("onStep"), /^9 finished/m);
    assert.match(printed("logEvery"), /^6 [^]*number/m);
    assert.match(printed("accumulate"), /^true$/m);
    assert.match(printed("ga.fitCallback"), /^8 8$/m);
    assert.match(printed("huber"), /true\s+true/);
  });
});
