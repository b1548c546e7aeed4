import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import * as ts from "typescript";
import { completeString } from "../../../src/kernel/compiler/complete-string";

const folder = mkdtempSync(join(tmpdir(), "gradamp-complete-"));
after(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, "sub"));
for (const name of ["data.ts", "package.json", "notes.txt", "sub/helper.ts"]) writeFileSync(join(folder, name), "");

/** The code once the first candidate has been taken; `|` is where the cursor stands. */
function taken(marked: string, values: readonly string[] = []): string | null {
  const position = marked.indexOf("|");
  const code = marked.replace("|", "");
  const entries = values.map((name) => ({ name, kind: "string", sortText: "" }) as never);
  const reply = completeString(ts as never, code, position, entries, folder);
  const [match] = reply?.matches ?? [];
  return reply && match !== undefined ? code.slice(0, reply.start) + match + code.slice(reply.end) : null;
}

const cases: [marked: string, values: string[], taken: string | null][] = [
  ['f({ group: "first-b|', ["bn", "first-bn-of-block"], 'f({ group: "first-bn-of-block'],
  ['f({ group: "first-b|xx" })', ["first-bn-of-block"], 'f({ group: "first-bn-of-block" })'],
  ["f('al|')", ["alpha", "beta"], "f('alpha')"],
  ['import * as x from "node:f|', [], 'import * as x from "node:fs'],
  ['import * as x from "gradamp/a|"', [], 'import * as x from "gradamp/advanced"'],
  ['import * as x from "@tensorflow/tfjs-c|', [], 'import * as x from "@tensorflow/tfjs-converter'],
  ['await import("node:fs/p|")', [], 'await import("node:fs/promises")'],
  ['require("arq|', [], 'require("arquero'],
  ['import x from "./da|', [], 'import x from "./data'],
  ['import x from "./sub/h|"', [], 'import x from "./sub/helper"'],
  ['import x from "./no|"', [], null],
  ['read("pack|', [], 'read("package.json'],
  ['read("sub/|")', [], 'read("sub/helper.ts")'],
  ["const s = al|", ["alpha"], null],
  ['const s = "al"|', ["alpha"], null],
];

for (const [marked, values, expected] of cases)
  test(`${marked} becomes ${expected}`, () => assert.equal(taken(marked, values), expected));
