import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { exampleBlocks } from "../support/code-blocks";
import { root } from "../support/committed-text";
import { runCodeBlocks } from "../support/run-code-blocks";

/** The folders whose @example blocks are run here. */
const folders = ["graph", "amplification", "gradients", "tables", "runs", "experiments", "statistics", "sweeps"];

describe("@example blocks", () => {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, "src", folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(root, "src", folder, file)),
  );
  const results = runCodeBlocks([...files, join(root, "src", "notebook", "table.ts")].flatMap(exampleBlocks), {
    name: "examples",
  });
  test("are found", () => assert.ok(results.length >= 25, `${results.length} blocks`));
  for (const { name, typeErrors, error } of results) {
    test(`${name} compiles and runs`, () => {
      assert.deepEqual(typeErrors, []);
      assert.equal(error, null);
    });
  }
});
