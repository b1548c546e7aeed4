import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { main } from "../../src/cli/main";
import { saveRun } from "../../src/runs";
import { gradientRows } from "../runs/support";
import { runRecord } from "../tables/sample-runs";

const folder = mkdtempSync(join(tmpdir(), "gradamp-figure-"));
after(() => rmSync(folder, { recursive: true }));

const run = runRecord({ name: "one", model: "VGG08", options: {} }, [{ trainLoss: 4 }, { trainLoss: 3 }]);
run.gradients = gradientRows(1, 1, ["input_conv_conv_0", "weight_logit_linear_layer"]);
saveRun(run, join(folder, "one"));

test("gradamp figure draws a run folder into a file", async () => {
  const out = join(folder, "flow.json");
  const options = ["--out", out, "--axis", "linear", "--title", "Mine"];
  assert.equal(await main(["figure", "gradientFlow", join(folder, "one"), ...options]), 0);
  const spec = JSON.parse(readFileSync(out, "utf8")) as {
    data: { x: string[] }[];
    layout: { title: { text: string } };
  };
  assert.equal(spec.layout.title.text, "Mine");
  assert.deepEqual(spec.data[0]!.x, ["input_conv_conv_0", "weight_logit_linear_layer"]);
});

test("an unknown figure is a wrong command line, a missing folder a failure", async () => {
  process.exitCode = 0;
  assert.equal(await main(["figure", "flow", join(folder, "one"), "--out", join(folder, "x.json")]), 2);
  process.exitCode = 0;
  assert.equal(await main(["figure", "gradientFlow", join(folder, "two"), "--out", join(folder, "x.json")]), 1);
  process.exitCode = 0;
});
