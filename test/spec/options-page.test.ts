import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Command } from "commander";
import { addTrainFlags } from "../../src/cli/train/flags";
import { optionsPage } from "../../src/spec";

const page = join(__dirname, "..", "..", "..", "docs", "options.md");

test("docs/options.md is what the description says", () => {
  if (process.env["GRADAMP_UPDATE"]) writeFileSync(page, optionsPage());
  assert.equal(readFileSync(page, "utf8"), optionsPage(), "GRADAMP_UPDATE=1 node dist/test/run.js spec/ writes it");
});

test("every flag that it names is one of gradamp train", () => {
  const flags = addTrainFlags(new Command("train")).options.map(({ long }) => long);
  const named = [...optionsPage().matchAll(/\| `(--[a-z0-9-]+)/g)].map(([, flag]) => flag!);
  assert.ok(named.length > 30);
  assert.deepEqual(named.filter((flag) => !flags.includes(flag)), []); // prettier-ignore
});
