/**
 * The tests of the addon's functions and operations once more, on a build that watches memory and undefined behaviour.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { compileOwnAddon } from "../../support/compile-own-addon";
import { withoutHeaders } from "../../support/fake-release";

/** AddressSanitizer and UndefinedBehaviorSanitizer. */
const FLAGS = [
  ...["-O1", "-g", "-fno-omit-frame-pointer", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
  // TensorFlow's classes come without what vptr asks; tfjs-node copies no bytes from nowhere, which is harmless.
  "-fno-sanitize=vptr,nonnull-attribute",
];

/** Tests in test/tensorflow/ of all that is in C++. */
const FILES = [
  ...["batch-norm-op", "patches/own-convolutions", "convolution-range", "im2col-products", "max-pool-op", "non-finite"],
  ...["graph-binding", "javascript-memory", "raw-op", "worker", "op-determinism", "profiler/profile"],
];

const library = (name: string) => execFileSync("g++", [`-print-file-name=${name}`], { encoding: "utf8" }).trim();
const isHere = !withoutHeaders && library("libasan.so").includes("/") && library("libubsan.so").includes("/");
const skip = !isHere && (withoutHeaders || "g++ comes without its sanitizers' libraries");

const folder = mkdtempSync(join(tmpdir(), "gradamp-sanitized-"));
after(() => rmSync(folder, { recursive: true }));

let addon = "";
before(async () => {
  if (isHere) addon = await compileOwnAddon(folder, FLAGS);
});

function run(...words: string[]) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, words, {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    env: {
      ...process.env,
      // This is a program of its own, no part of these tests.
      NODE_TEST_CONTEXT: undefined,
      GRADAMP_TEST_ADDON: addon,
      NODE_OPTIONS: `--require ${join(__dirname, "..", "..", "support", "other-addon.js")}`,
      // Neither Node nor TensorFlow is built with them, so that they must be there before either.
      LD_PRELOAD: `${library("libasan.so")} ${library("libubsan.so")}`,
      // What others leave allocated at the end, and free in another way than they allocated it, is theirs. A large
      // quarantine of freed memory would look like a leak to the tests that measure memory.
      ASAN_OPTIONS: "detect_leaks=0:alloc_dealloc_mismatch=0:quarantine_size_mb=8",
      UBSAN_OPTIONS: "print_stacktrace=1",
    },
  });
  return { status, signal, output: `${stdout}${stderr}` };
}

test("the sanitized addon is the one that runs, and sanitizers end a program that goes wrong", { skip }, () => {
  const { status, output } = run(
    "-e",
    `require(${JSON.stringify(join(__dirname, "..", "..", "..", "src", "tensorflow"))});
     console.log(process.report.getReport().sharedObjects.join("\\n"));`,
  );
  assert.equal(status, 0, output);
  assert.ok(output.includes(addon) && output.includes("libasan.so"), output);
  for (const [body, message] of [
    ["int* a = new int[words]; int b = a[words + 1]; delete[] a; return b;", /heap-buffer-overflow/],
    ["return 2147483647 + words;", /signed integer overflow/],
  ] as const) {
    const source = join(folder, "wrong.cc");
    writeFileSync(source, `int main(int words, char**) { ${body} }\n`);
    execFileSync("g++", [...FLAGS, "-w", source, "-o", join(folder, "wrong")]);
    const { status: ended, stderr } = spawnSync(join(folder, "wrong"), { encoding: "utf8" });
    assert.notEqual(ended, 0);
    assert.match(stderr, message);
  }
});

for (const file of FILES) {
  test(`${file} passes under the sanitizers`, { skip }, () => {
    const { status, signal, output } = run(join(__dirname, "..", `${file}.test.js`));
    assert.deepEqual({ status, signal }, { status: 0, signal: null }, output.slice(-4000));
    assert.doesNotMatch(output, /AddressSanitizer|runtime error:/);
    assert.match(output, /(#|ℹ) pass [1-9]/);
  });
}
