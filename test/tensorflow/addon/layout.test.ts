import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../../src/files/package-root";

const skip = spawnSync("clang-format", ["--version"]).status !== 0 && "clang-format is not here";

test("C++ is laid out as .clang-format says", { skip }, () => {
  const files = ["src/tensorflow/addon", "test/tensorflow/addon"].flatMap((folder) =>
    readdirSync(join(packageRoot(), folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(cc|h)$/.test(file))
      .map((file) => join(packageRoot(), folder, file)),
  );
  assert.ok(files.length > 40);
  const { status, stderr } = spawnSync("clang-format", ["--dry-run", "--Werror", ...files], { encoding: "utf8" });
  assert.equal(status, 0, `${stderr}\nclang-format -i FILE … mends it`);
});
