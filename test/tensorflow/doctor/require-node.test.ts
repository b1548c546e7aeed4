import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

const source = join(__dirname, "..", "..", "..", "src");

for (const entry of ["index", "advanced"])
  test(`${entry}: on a Node that is too old, one sentence says so before anything is loaded`, () => {
    const old = 'Object.defineProperty(process.versions, "node", { value: "18.20.4" });';
    const code = `${old} try { require(${JSON.stringify(join(source, entry))}) } catch ({ message }) { console.log(message) }`;
    const { stdout } = spawnSync(process.execPath, ["-e", code], { encoding: "utf8" });
    assert.match(stdout, /^Expected Node 20\.19 or later .* but found Node 18\.20\.4: Install a newer Node .*\n$/);
  });
