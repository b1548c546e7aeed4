import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";

import { readSweepFile } from "../../src/cli/sweep/read-sweep-file";
import { trials } from "../../src/experiments";
import { groupLayers, planSweep } from "../../src/sweeps";
import { markdownBlocks } from "../support/code-blocks";
import { root } from "../support/committed-text";
import { runCodeBlocks } from "../support/run-code-blocks";

const cwd = mkdtempSync(join(tmpdir(), "gradamp-docs-sweeps-"));
after(() => rmSync(cwd, { recursive: true, force: true }));
const page = join(root, "docs", "sweeps.md");
const text = readFileSync(page, "utf8");

describe("docs/sweeps.md", () => {
  for (const { name, typeErrors, error, output } of runCodeBlocks(markdownBlocks(page), { name: "sweeps", cwd })) {
    test(`${name} compiles and runs`, () => {
      assert.deepEqual(typeErrors, []);
      assert.equal(error, null);
      assert.match(output, /asked: 72600, planned: 25650/);
    });
  }

  test("its files are read, and are as many trials as they say", async () => {
    const files = [...text.matchAll(/```json\n([^]*?)```/g)].map(([, json = ""]) => json);
    const counts = await Promise.all(
      files.map(async (json, at) => {
        const path = join(cwd, `${at}.json`);
        writeFileSync(path, json);
        return (await readSweepFile(path)).length;
      }),
    );
    assert.deepEqual(counts, [1, 484, 6]);
  });

  test("its counts are the planner's", () => {
    const s2 = trials("ga", { part: "s2" });
    const known = new Map<string, string[]>();
    const ask = (trial: (typeof s2)[number]) => {
      const key = `${trial.model.name} ${trial.stages?.group}`;
      const names = known.get(key) ?? groupLayers(trial);
      known.set(key, names);
      return names;
    };
    const planned = (list: typeof s2, options = {}) => planSweep(list, options).epochs.planned.toLocaleString("en-US");
    assert.ok(text.includes(`| ${planned(s2, { groupLayers: ask })} (${planned(s2)} if only equal ratios were one) |`));
    assert.ok(text.includes(`| at most ${planned(trials("iga", { part: "params1" }))}; fewer`));
  });
});
