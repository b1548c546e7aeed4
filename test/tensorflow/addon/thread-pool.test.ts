/** The addon's use of TensorFlow's threads, in a program that lends threads of its own. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { packageRoot } from "../../../src/files/package-root";
import { currentPlatform, releaseFor } from "../../../src/tensorflow/setup";
import { realHeaders, withoutHeaders } from "../../support/fake-release";

const folder = mkdtempSync(join(tmpdir(), "gradamp-threads-"));
after(() => rmSync(folder, { recursive: true }));

test(
  "a piece that throws is heard of when all have stopped; another TensorFlow lends no threads",
  { skip: withoutHeaders },
  () => {
    const [addon, program] = [join(packageRoot(), "src", "tensorflow", "addon"), join(folder, "threads")];
    execFileSync("g++", [
      ...["-std=c++17", "-O1", "-pthread", "-rdynamic", `-I${addon}`, `-I${realHeaders()}`],
      join(packageRoot(), "test", "tensorflow", "addon", "thread-pool.cc"),
      join(addon, "kernels", "support", "thread-pool.cc"),
      ...["-ldl", "-o", program],
    ]);
    const run = (...words: string[]) => execFileSync(program, words, { encoding: "utf8" }).trim().split("\n");
    // The version that set-up brings: a new one's Eigen is to be looked at before kTensorFlow is changed.
    assert.deepEqual(run(releaseFor(currentPlatform(), "cpu").version), [
      "each piece is done once",
      "what body throws arrives after all have left it",
      "a pool that takes no work leaves all of it to the caller",
    ]);
    // Their classes may begin in another way, of which the function's name says nothing.
    for (const version of ["2.20.0", "2.22.0", "2.210.1", "3.0.0", ""]) assert.deepEqual(run(version), ["no threads"]);
  },
);
