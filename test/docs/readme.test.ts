import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { markdownBlocks } from "../support/code-blocks";
import { root } from "../support/committed-text";
import { runCodeBlocks } from "../support/run-code-blocks";

const cwd = mkdtempSync(join(tmpdir(), "gradamp-readme-"));
after(() => rmSync(cwd, { recursive: true, force: true }));

const results = runCodeBlocks(markdownBlocks(join(root, "README.md")), { name: "readme", cwd });

test("the README has code to try", () => assert.ok(results.length >= 2));

for (const { name, typeErrors, error } of results) {
  test(`${name} compiles and runs`, () => {
    assert.deepEqual(typeErrors, []);
    assert.equal(error, null);
  });
}
