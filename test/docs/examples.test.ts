import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { exampleBlocks } from "../support/code-blocks";
import { root } from "../support/committed-text";
import { runCodeBlocks } from "../support/run-code-blocks";

describe("@example blocks", () => {
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(root, "src", file));
  const results = runCodeBlocks(files.flatMap(exampleBlocks), { name: "examples" });
  test("are found", () => assert.ok(results.length >= 25, `${results.length} blocks`));
  for (const { name, typeErrors, error } of results) {
    test(`${name} compiles and runs`, () => {
      assert.deepEqual(typeErrors, []);
      assert.equal(error, null);
    });
  }
});
