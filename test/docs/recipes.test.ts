import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";

import { saveRun } from "../../src/runs";
import { gradientRows } from "../runs/support";
import { markdownBlocks } from "../support/code-blocks";
import { root } from "../support/committed-text";
import { runCodeBlocks } from "../support/run-code-blocks";
import { runRecord } from "../tables/sample-runs";

const cwd = mkdtempSync(join(tmpdir(), "gradamp-recipes-"));
after(() => rmSync(cwd, { recursive: true, force: true }));

for (const [name, model, seed] of [
  ["vgg08-1", "VGG08", 1],
  ["vgg08-2", "VGG08", 2],
  ["vgg38-1", "VGG38", 1],
] as const) {
  const epochs = [1, 2, 3].map((epoch) => ({
    learningRate: 1e-3,
    trainLoss: 4 / epoch + seed / 10,
    trainAccuracy: 0.1 * epoch,
    validationLoss: 4.2 / epoch,
    validationAccuracy: 0.09 * epoch + seed / 100,
    testAccuracy: epoch === 1 ? null : 0.08 * epoch,
  }));
  const run = runRecord({ name, model, options: { seed } }, epochs);
  run.gradients = [1, 2, 3].flatMap((epoch) =>
    gradientRows(seed, epoch, ["input_conv_conv_0", "input_conv_bn_0", "weight_logit_linear_layer"]),
  );
  saveRun(run, join(cwd, "runs", name));
}

describe("docs/recipes.md", () => {
  const results = runCodeBlocks(markdownBlocks(join(root, "docs", "recipes.md")), { name: "recipes", cwd });
  for (const { name, typeErrors, error } of results) {
    test(`${name} compiles and runs`, () => {
      assert.deepEqual(typeErrors, []);
      assert.equal(error, null);
    });
  }
  test("has recipes for arquero and for danfo, and what they print is what they say", () => {
    assert.equal(results.length, 21);
    const printed = (words: string) => results.find(({ block }) => block.code.includes(words))?.output ?? "";
    assert.match(printed("gap"), /\| VGG08 \| 0\.02 \|/);
    // The best epoch of three runs, each the last one: validation accuracies .27 + seed / 100.
    assert.equal(printed("slice(0, 1).show").match(/ 3  .* (28|29)\.00 /g)?.length, 3);
    // input_conv_conv_0 has index 0, the head index 2: (1 + 1/100) / (1 + 1/100 + 2/10,000).
    assert.match(printed("ratios"), /vgg08-1 +1 +0\.9998/);
    assert.match(printed("overSeeds"), /VGG08 +2 +1\.483 ± 0\.071/);
    assert.match(printed("besidePublished"), /VGG08 +1e-3 +trainAccuracy +51\.59 +30\.00 +-21\.59 +inconclusive/);
    assert.match(printed('part: "s2"'), /VGG-19 bn S2_0\.1_0\.3.*vgg19.*bn/);
    assert.match(printed('part: "s2"'), /G case 1.*\[\(10, 0\.1, 0, 1\), \(100, 0\.1, amp, 2\)/);
  });
});
