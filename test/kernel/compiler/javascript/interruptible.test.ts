import ts from "typescript";
import assert from "node:assert/strict";
import { test } from "node:test";
import { interruptible } from "../../../../src/kernel/compiler/javascript/interruptible";

/** The code as it is run, on one line, and whether it awaits at its top level. */
function transformed(code: string): { code: string; awaits: boolean } {
  let awaits = false;
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    transformers: {
      before: [
        interruptible(ts, {
          onAwait: () => (awaits = true),
          where: ({ line, character }) => `${line + 1}:${character + 1}`,
        }),
      ],
    },
  });
  return {
    code: outputText
      .replace(/^"use strict";/, "")
      .replace(/__gradamp__\./g, "")
      .replace(/\s+/g, " ")
      .trim(),
    awaits,
  };
}

const CASES: [code: string, expected: string, awaits: boolean][] = [
  ["await f(1);", 'await wait((pause(), f(1)), "1:7");', true],
  ["const f = async () => await g();", 'const f = async () => await wait((pause(), g()), "1:29");', false],
  ["await f(await g());", 'await wait((pause(), f(await wait((pause(), g()), "1:15"))), "1:7");', true],
  ["while (x) y();", "while (x) { check(); y(); }", false],
  ["do y(); while (x);", "do { check(); y(); } while (x);", false],
  ["for (;;) ;", "for (;;) { check(); ; }", false],
  ["for (const k in o) { y(); }", "for (const k in o) { check(); y(); }", false],
  ["for (const v of a) y(v);", "for (const v of a) { check(); y(v); }", false],
  ["for await (const v of a()) y(v);", 'for await (const v of each(a(), "1:23")) { check(); y(v); }', true],
  [
    "try { await a(); } catch { await b(); for (;;) c(); } finally { await d(); }",
    'try { await wait((pause(), a()), "1:13"); } catch { await b(); for (;;) c(); } finally { await d(); }',
    true,
  ],
  [
    "try { } finally { const f = async () => { await g(); }; }",
    'try { } finally { const f = async () => { await wait((pause(), g()), "1:49"); }; }',
    false,
  ],
  ["class A { async m() { await f(); } }", 'class A { async m() { await wait((pause(), f()), "1:29"); } }', false],
];

test("loops check for interrupts and awaits wait for them too, but not where code tidies up", () => {
  for (const [code, expected, awaits] of CASES) assert.deepEqual(transformed(code), { code: expected, awaits }, code);
});
