/** What only a strict compiler tells of the addon's sources. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { packageRoot } from "../../../src/files/package-root";
import { addonSources } from "../../../src/tensorflow/setup/addon-sources";
import { compileOwnAddon } from "../../support/compile-own-addon";
import { realHeaders, withoutHeaders } from "../../support/fake-release";

const WARNINGS = ["-Wall", "-Wextra", "-Werror"];
/** Types of one name that differ from file to file are seen when all files are compiled together. */
const TOGETHER = ["-O1", "-flto=2", "-Wodr", "-Wlto-type-mismatch"];

const folder = mkdtempSync(join(tmpdir(), "gradamp-strict-"));
after(() => rmSync(folder, { recursive: true }));

test("the addon compiles without a warning, and no type has two definitions", { skip: withoutHeaders }, async () => {
  await compileOwnAddon(join(folder, "addon"), [...WARNINGS, ...TOGETHER]);
  const { earlyLogLevel, cudaCheck, folder: own } = addonSources();
  const programs = [earlyLogLevel, cudaCheck, join(packageRoot(), "test", "tensorflow", "addon", "thread-pool.cc")];
  for (const program of programs) {
    const flags = [...WARNINGS, "-std=c++17", "-O2", `-I${own}`, "-isystem", realHeaders()!, "-fsyntax-only", program];
    const { status, stderr } = spawnSync("g++", flags, { encoding: "utf8" });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
  }
});

test("two types of one name are found where there are some", { skip: withoutHeaders }, () => {
  const files = ["struct Shape { int rows; double scale; };", "struct Shape { const char* name; };"].map((type, at) => {
    const file = join(folder, `${at}.cc`);
    writeFileSync(file, `namespace room { ${type} long sizeOf${at}(const Shape& shape) { return sizeof shape; } }\n`);
    return file;
  });
  const flags = [...WARNINGS, ...TOGETHER, "-fPIC", "-shared", ...files, "-o", join(folder, "twice.so")];
  const { status, stderr } = spawnSync("g++", flags, { encoding: "utf8" });
  assert.notEqual(status, 0);
  assert.match(stderr, /Shape.* violates the C\+\+ One Definition Rule/);
});
