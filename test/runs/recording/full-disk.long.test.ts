import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { readRun } from "../../../src/runs";
import { temporaryFolder } from "../support";
import { numbers, undisturbed } from "./support";

const mounts = spawnSync("unshare", ["-rm", "true"]).status === 0;
const program = join(__dirname, "full-disk.js");

test(
  "wherever the disk is full, the run ends with a clear error and goes on to the same numbers",
  { skip: !mounts },
  async (t) => {
    const folder = temporaryFolder(t);
    const plain = await undisturbed();
    const epochs: (number | null)[] = [];
    // In steps of a page, from no room for the lease to room for everything.
    for (let size = 8; size <= 160; size += 4) {
      const script = `mount -t tmpfs -o size=${size}k none "$folder"
      "$node" "$module" "$folder/a" || true
      mount -o remount,size=10m "$folder"
      "$node" "$module" "$folder/a" && cp -r "$folder/a" "$kept"`;
      const kept = join(folder, `kept-${size}`);
      const { stdout, stderr } = spawnSync("unshare", ["-rm", "sh", "-ec", `mkdir -p "$folder"; ${script}`], {
        encoding: "utf8",
        env: { ...process.env, node: process.execPath, module: program, folder: join(folder, "disk"), kept },
      });
      const [first, second] = stdout.trim().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore
      if (first!["status"] === "finished") {
        epochs.push(4);
        break;
      }
      assert.match(
        String(first!["error"]),
        /^Expected to write .* but no space is left on the disk: make room \(ENOSPC\)$/,
        stderr,
      );
      assert.deepEqual(second, { status: "finished" }, `${size} kB: ${stderr}`);
      assert.deepEqual(numbers(readRun(kept)), numbers(plain.run), `${size} kB`);
      epochs.push(first!["epoch"] as number | null);
    }
    t.diagnostic(`epochs saved when the disk was full, by size: ${epochs.join(", ")}`);
    assert.ok(new Set(epochs).size >= 4, "the sizes reach every epoch");
  },
);
