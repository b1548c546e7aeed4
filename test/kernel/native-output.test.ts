import assert from "node:assert/strict";
import { test } from "node:test";
import { NativeOutput } from "../../src/kernel/native-output";

/** What reaches the cell and the log of text that comes in pieces. */
function sorted(pieces: readonly string[]): { cell: string; log: string[] } {
  const log: string[] = [];
  let cell = "";
  const native = new NativeOutput({ output: (_, text) => (cell += text), log: (line) => log.push(line) });
  for (const piece of pieces) native.take("stderr", piece);
  native.flush();
  return { cell, log };
}

test("lines of TensorFlow's log go to the kernel's, all else to the cell", () => {
  const log = [
    "2026-11-21 07:00:00.000001: I tensorflow/core/platform/cpu_feature_guard.cc:210] This TensorFlow binary is optimized",
    "To enable the following instructions: AVX512F, rebuild TensorFlow with the appropriate compiler flags.",
    "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR",
    "I0000 00:00:1763714400.123456   12345 cuda_executor.cc:1001] could not open file",
    "E1121 07:00:00.123456    77 gpu.cc:1] failed",
  ];
  const other = ["2026-11-21 is a date", "To be", "Epoch 1", "E", "WARNING: mine"];
  const text = [...log, ...other].map((line) => `${line}\n`).join("");
  for (const pieces of [[text], [...text]]) {
    assert.deepEqual(sorted(pieces), { cell: other.map((line) => `${line}\n`).join(""), log });
  }
});

test("a progress bar is shown before its line ends", () => {
  let cell = "";
  const native = new NativeOutput({ output: (_, text) => (cell += text), log: () => assert.fail() });
  native.take("stdout", "\r[##  ] 50 %");
  assert.equal(cell, "\r[##  ] 50 %");
});

test("the last lines are remembered, blank ones not", () => {
  const native = new NativeOutput({ output: () => undefined, log: () => undefined });
  native.take("stderr", Array.from({ length: 100 }, (_, at) => `line ${at}\n\n`).join(""));
  assert.deepEqual(native.lastLines().slice(-2), ["line 98", "line 99"]);
  assert.equal(native.lastLines().length, 60);
});
