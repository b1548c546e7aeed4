import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { CompilerProcess } from "../../../../src/kernel/compiler/process/compiler-process";
import { makeSnapshot, snapshotFile } from "../../../../src/kernel/compiler/process/compiler-snapshot";

/** What a compiler makes of a cell that uses gradamp's types, one that is wrong, and a place behind a name. */
async function answers(folder: string, log: string[]) {
  const compiler = new CompilerProcess(folder, (line) => log.push(line));
  try {
    const right = await compiler.compile(
      'import * as ga from "gradamp"; const n: number = ga.vgg08().layers.length;',
      1,
    );
    await compiler.keep([]);
    const wrong = await compiler.compile("const text: string = n;", 2);
    const { matches } = await compiler.complete("ga.startT", 9);
    return [right.kind, wrong.kind === "faults" && wrong.faults[0]?.message, matches];
  } finally {
    compiler.close();
  }
}

test("a compiler from a snapshot answers as one without, and a damaged snapshot is passed over", async () => {
  const cache = mkdtempSync(join(tmpdir(), "gradamp-snapshot-"));
  const before = process.env.GRADAMP_CACHE;
  process.env.GRADAMP_CACHE = cache;
  try {
    const log: string[] = [];
    const without = await answers(cache, log);
    assert.deepEqual(without, [
      "job",
      "Type 'number' is not assignable to type 'string'.",
      ["startTraining", "startTrial"],
    ]);
    const file = snapshotFile();
    const stopped = makeSnapshot(file, (stop) => stop());
    assert.equal(await makeSnapshot(file, () => undefined), false, "another one is making it");
    assert.deepEqual([await stopped, existsSync(file)], [false, false]);
    assert.equal(await makeSnapshot(file, () => undefined), true);
    assert.deepEqual(
      readdirSync(dirname(file)).filter((name) => /lock|draft/.test(name)),
      [],
    );
    assert.deepEqual(await answers(cache, log), without);
    assert.deepEqual(log, []);
    writeFileSync(file, "no snapshot");
    assert.deepEqual(await answers(cache, log), without);
  } finally {
    if (before === undefined) delete process.env.GRADAMP_CACHE;
    else process.env.GRADAMP_CACHE = before;
    rmSync(cache, { recursive: true, force: true });
  }
});
