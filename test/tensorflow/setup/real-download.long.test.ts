import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setUpTensorFlow } from "../../../src/tensorflow/setup";
import { runNode } from "../../support/run-node";

const folder = mkdtempSync(join(tmpdir(), "gradamp-download-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("the real wheel is fetched, checked, unpacked, built against and loads; a second set-up finds it", async () => {
  const own = {
    cache: join(folder, "cache"),
    link: join(folder, "tfjs_binding.node"),
    selection: { variant: "cpu" },
  } as const;
  const { tensorflow, addon, changed } = await setUpTensorFlow(own);
  assert.deepEqual([tensorflow, changed], ["2.21.0", true]);
  assert.equal(runNode(["-p", "require(process.argv[1]).TF_Version", addon]).stdout, "2.21.0\n");
  assert.deepEqual(readdirSync(join(own.cache, "downloads")), [], "the wheel is not kept");
  assert.equal((await setUpTensorFlow(own)).changed, false);
});
