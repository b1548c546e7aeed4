import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readRun } from "../../../src/runs";
import { temporaryFolder } from "../support";
import { keep, numbers, undisturbed } from "./support";

/** Whether this machine lets a test mount a file system of its own. */
const mounts = spawnSync("unshare", ["-rm", "true"]).status === 0;

/** Runs a shell script in a mount namespace of its own, with `node`, `module` and `folder` as variables. */
function inOwnMounts(folder: string, script: string) {
  const module = join(__dirname, "full-disk.js");
  return spawnSync("unshare", ["-rm", "sh", "-ec", script], {
    encoding: "utf8",
    env: { ...process.env, node: process.execPath, module, folder },
  });
}

test(
  "on a full disk the run ends with an error that says so, and goes on to the same numbers once there is room",
  { skip: !mounts },
  async (t) => {
    const folder = temporaryFolder(t);
    // Room for the first checkpoints, but not for all; then for all.
    const { stdout, stderr, status } = inOwnMounts(
      folder,
      `mkdir "$folder/small"; mount -t tmpfs -o size=100k none "$folder/small"
       "$node" "$module" "$folder/small/a" && exit 9
       mount -o remount,size=10m "$folder/small"
       "$node" "$module" "$folder/small/a"
       cp -r "$folder/small/a" "$folder/kept"`,
    );
    assert.equal(status, 0, stderr);
    const [full, whole] = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.match(
      String(full!["error"]),
      /^Expected to write .*small\/a.* but no space is left on the disk: make room \(ENOSPC\)$/,
    );
    assert.ok([0, 1, 2, 3].includes(full!["epoch"] as number), String(full!["epoch"]));
    assert.equal(whole!["status"], "finished");
    const plain = await undisturbed();
    assert.deepEqual(numbers(readRun(join(folder, "kept"))), numbers(plain.run));
    assert.deepEqual(
      readdirSync(join(folder, "kept")).filter((name) => name.startsWith(".tmp-")),
      [],
    );
  },
);

test("a file system that became read-only ends the run", { skip: !mounts }, (t) => {
  const folder = temporaryFolder(t);
  const { stdout, status, stderr } = inOwnMounts(
    folder,
    `mkdir "$folder/small"; mount -t tmpfs -o ro none "$folder/small"
     "$node" "$module" "$folder/small/a" && exit 9; exit 0`,
  );
  assert.equal(status, 0, stderr);
  assert.match(
    String((JSON.parse(stdout) as Record<string, unknown>)["error"]),
    /the file system is mounted read-only: choose another folder \(EROFS\)$/,
  );
});

test("a folder that may not be written is an error before training", { skip: process.getuid?.() === 0 }, async (t) => {
  const folder = join(temporaryFolder(t), "locked");
  mkdirSync(folder);
  chmodSync(folder, 0o555);
  await assert.rejects(
    keep({ folder: join(folder, "a") }),
    /writing is not permitted there: change the folder's permissions/,
  );
});

test("a file where the folder should be is an error before training", async (t) => {
  const file = join(temporaryFolder(t), "file");
  writeFileSync(file, "");
  await assert.rejects(keep({ folder: join(file, "a") }), /a file stands where a folder is needed/);
});
