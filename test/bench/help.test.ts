import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runNode } from "../support/run-node";

const BENCH = join(__dirname, "../../bench");

for (const file of readdirSync(BENCH).filter((name) => name.endsWith(".js") && name !== "run.js")) {
  const name = file.slice(0, -3);
  test(`${name} tells what it measures and how it is called, and measures nothing meanwhile`, () => {
    const { stdout, stderr, status } = runNode([join(BENCH, file), "--help"]);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^[A-Z][^\n]+\.\n\nnpm run /);
    const usage = name === "training-step" ? "npm run bench -- [--only" : `bench -- ${name}`;
    assert.ok(stdout.includes(usage), stdout);
  });
}
