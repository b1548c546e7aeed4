import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

const MAIN = join(__dirname, "main.js");

const run = (...args: string[]) => spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8" });

test("the fuzz command refuses --seconds and --seed that are no numbers that they can be", () => {
  for (const [option, value] of [
    ["seconds", "abc"],
    ["seconds", ""],
    ["seconds", "0"],
    ["seconds", "Infinity"],
    ["seed", "1.5"],
    ["seed", "9007199254740993"],
  ]) {
    const { status, stdout, stderr } = run("tensors", `--${option}=${value}`);
    assert.equal(status, 2, `--${option}=${value}`);
    assert.equal(stdout, "");
    assert.match(stderr, new RegExp(`^Expected --${option} to be a (whole )?number.* but found "${value}"\\n$`));
  }
});

test("the fuzz command refuses an unknown fuzzer and an unknown option", () => {
  for (const [argument, found] of [
    ["tensor", /Expected one of tensors, models but found tensor$/m],
    ["--second", /--second/],
  ] as const) {
    // prettier-ignore
    const { status, stderr } = run(argument);
    assert.equal(status, 2);
    assert.match(stderr, found);
  }
});

test("the fuzz command counts the cases that ran", () => {
  const { status, stdout } = run("tensors", "--seconds=1", "--seed=1");
  assert.equal(status, 0);
  assert.match(stdout, /^tensors: [1-9]\d* ran, \d+ skipped, 0 failed$/m);
});
