import assert from "node:assert/strict";
import { test } from "node:test";
import * as ts from "typescript";
import { completeness } from "../../../src/kernel/compiler/completeness";

const CASES: [code: string, status: "complete" | "invalid" | number][] = [
  ["", "complete"],
  ["1 + 1", "complete"],
  ["await f()", "complete"],
  ["const a = { b: 1 }; // {", "complete"],
  ["function f() {\n  return 1;\n}", "complete"],
  ["function f() {", 1],
  ["f(1,\n  [{", 3],
  ["const a =", 0],
  ["1 +", 0],
  ["if (x)", 0],
  ["a.", 0],
  ["`open", 0],
  ["/* open", 0],
  ["class A {\n  m() {\n", 2],
  ["function f() {\n\n\n", 1],
  ["let a = ;", "invalid"],
  [")", "invalid"],
  ['"open', "invalid"],
  ["const 1 = a {", "invalid"],
];

test("code is complete, open with an indent, or wrong whatever comes", () => {
  for (const [code, expected] of CASES) {
    const found = completeness(ts, code);
    const wanted = typeof expected === "number" ? { status: "incomplete", indent: "  ".repeat(expected) } : { status: expected }; // prettier-ignore
    assert.deepEqual(found, wanted, code);
  }
});
