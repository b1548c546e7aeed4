import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";

import { markdownBlocks } from "../support/code-blocks";
import { root } from "../support/committed-text";
import { runCodeBlocks } from "../support/run-code-blocks";

const cwd = mkdtempSync(join(tmpdir(), "gradamp-docs-runs-"));
after(() => rmSync(cwd, { recursive: true, force: true }));

describe("docs/runs.md", () => {
  for (const { name, typeErrors, error } of runCodeBlocks(markdownBlocks(join(root, "docs", "runs.md")), {
    name: "runs",
    cwd,
  })) {
    test(`${name} compiles and runs`, () => {
      assert.deepEqual(typeErrors, []);
      assert.equal(error, null);
    });
  }
});
