/** Every @example of the sources compiles against the package's types and runs. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { exampleBlocks, ROOT, runBlocks } from "../support/code-blocks";

const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".ts"),
);
const blocks = sources.flatMap((file) => exampleBlocks(join(ROOT, "src", file)));

test("every @example compiles and runs", async (t) => {
  assert.ok(blocks.length > 40, `found ${blocks.length} examples`);
  for (const { where, problem } of await runBlocks("examples", blocks)) {
    await t.test(where, () => assert.equal(problem, null));
  }
});
