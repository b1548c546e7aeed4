import assert from "node:assert/strict";
import { test } from "node:test";

import { EXIT, EXIT_MEANINGS, exitCodesHelp } from "../../src/spec";
import { runNode } from "../support/run-node";
import { root } from "../support/committed-text";
import { join } from "node:path";

const gradamp = join(root, "bin", "gradamp.cjs");

test("every code has a meaning, and no two names are one code", () => {
  assert.deepEqual(Object.keys(EXIT_MEANINGS), Object.keys(EXIT));
  assert.equal(new Set(Object.values(EXIT)).size, Object.keys(EXIT).length);
});

test("a command's help names 0, 1 and 2, and what else it may end with, in lines of at most 118", () => {
  assert.equal(exitCodesHelp({}), "Exit codes: 0 done; 1 failed; 2 wrong command line.");
  const long = exitCodesHelp({ diverged: true, held: true, stopped: EXIT_MEANINGS.stopped, interrupted: true });
  const line = long.replaceAll("\n", " ");
  assert.match(line, /3 the loss was not finite any more; 4 another process writes this run; 75 stopped by SIGTERM or/);
  assert.ok(
    long.split("\n").every(({ length }) => length <= 118),
    long,
  );
  assert.equal(line.split("; ").length, 7);
});

for (const command of ["train", "sweep", "reproduce", "demo", "setup", "runs list", "figure", "doctor"])
  test(`gradamp ${command} --help names no code that is not in the table`, () => {
    const { stdout, status } = runNode([gradamp, ...command.split(" "), "--help"]);
    assert.equal(status, 0);
    const told = /Exit codes: ([\s\S]*?)\.(\n|$)/.exec(stdout)?.[1];
    assert.ok(told, stdout);
    const codes = told
      .replaceAll("\n", " ")
      .split(/[,;] /)
      .flatMap((part) => /^(\d+) /.exec(part)?.[1] ?? []);
    assert.ok(codes.includes("0") && codes.includes("1"), told);
    for (const code of codes) assert.ok(Object.values(EXIT).includes(Number(code) as 0), `${command}: ${code}`);
  });
