import ts from "typescript";
import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutDeclarations } from "../../../src/kernel/compiler/without-declarations";

test("names go from every kind of declaration, and types stay", () => {
  const declarations = [
    "declare const a: number, b: string;",
    "declare const c: boolean;",
    "declare function f(): void;",
    "declare class K {}",
    'import d, { e, g as h } from "x";',
    'import * as all from "y";',
    "type T = string;",
    "interface I { a: number }",
    "",
  ].join("\n");
  const left = withoutDeclarations(ts, declarations, ["b", "c", "f", "K", "d", "h", "all", "T", "I"]);
  assert.equal(
    left.replace(/\s+/g, " ").trim(),
    'declare const a: number; import { e } from "x"; type T = string; interface I { a: number; }',
  );
  assert.equal(withoutDeclarations(ts, declarations, []), declarations);
});
