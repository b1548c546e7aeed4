import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { CompilerProcess } from "../../../../src/kernel/compiler/process/compiler-process";
import { snapshotFile } from "../../../../src/kernel/compiler/process/compiler-snapshot";

test("a damaged snapshot of the compiler is passed over, and nothing asked meanwhile is lost", async () => {
  const cache = mkdtempSync(join(tmpdir(), "gradamp-snapshot-"));
  const before = process.env.GRADAMP_CACHE;
  process.env.GRADAMP_CACHE = cache;
  try {
    mkdirSync(dirname(snapshotFile()), { recursive: true });
    writeFileSync(snapshotFile(), "no snapshot");
    const log: string[] = [];
    const compiler = new CompilerProcess(cache, (line) => log.push(line));
    const [first, open] = await Promise.all([compiler.compile("1 + 1", 1), compiler.isComplete("f(")]);
    compiler.close();
    assert.deepEqual([first.kind, open.status], ["job", "incomplete"]);
  } finally {
    if (before === undefined) delete process.env.GRADAMP_CACHE;
    else process.env.GRADAMP_CACHE = before;
    rmSync(cache, { recursive: true, force: true });
  }
});
