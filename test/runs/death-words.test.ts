import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { listRuns } from "../../src/cli/runs/list-runs";
import { showRun } from "../../src/cli/runs/show-run";
import type { MemoryMark } from "../../src/runs/memory-mark";
import { temporaryFolder } from "./support";

const gradamp = join(__dirname, "..", "..", "..", "bin", "gradamp.cjs");

test("a training that SIGKILL ended says so in lists, with the memory that it had taken and what to do", async (t) => {
  const folder = join(temporaryFolder(t), "a");
  const words = ["train", "--model", "vgg08", "--width", "4", "--data", "embedded", "--epochs", "100000", "--progress", "none", "--run", folder]; // prettier-ignore
  const child = spawn(process.execPath, [gradamp, ...words], { stdio: "ignore" });
  const progress = join(folder, "progress.json");
  while (!existsSync(progress) && child.exitCode === null) await sleep(100);
  child.kill("SIGKILL");
  await once(child, "exit");

  const [run] = await listRuns(folder);
  assert.equal(run?.status, "stale");
  const gone = new RegExp(
    `^process ${child.pid} is gone without a word, as one that SIGKILL ended; it had taken .+ of .+free`,
  );
  assert.match(run?.problem ?? "", gone);
  assert.match(run?.problem ?? "", /: go on with gradamp train --resume/);
  assert.match((await showRun(folder)).error ?? "", gone);

  // As it would have been with next to nothing free.
  const kept = JSON.parse(readFileSync(progress, "utf8")) as { memory: MemoryMark };
  writeFileSync(progress, JSON.stringify({ ...kept, memory: { ...kept.memory, free: 1e6, killed: null } }));
  assert.match((await listRuns(folder))[0]?.problem ?? "", /for want of memory: .*smaller --batch-size$/);
  // And where the system counted one more that it ended.
  writeFileSync(
    progress,
    JSON.stringify({ ...kept, memory: { ...kept.memory, killed: (kept.memory.killed ?? 0) - 1 } }),
  );
  if (kept.memory.killed !== null)
    assert.match((await listRuns(folder))[0]?.problem ?? "", /the system has ended a process for want of memory since/);
});
