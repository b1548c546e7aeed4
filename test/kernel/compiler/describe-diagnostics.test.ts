import assert from "node:assert/strict";
import { test } from "node:test";
import { describeDiagnostics } from "../../../src/kernel/compiler/describe-diagnostics";
import type { Diagnostic, Place } from "../../../src/kernel/compiler/diagnostic";

const code = "const a = 1;\nf({ x: 1 });";
const at = (line: number, character: number): Place => ({ offset: line * 100 + character, line, character });
const diagnostic = (start: Place, end: Place, messageText: string, fileName?: string): Diagnostic => ({
  start,
  end,
  messageText,
  code: 1,
  ...(fileName === undefined ? {} : { fileName }),
});

test("reasons of one place come together, each deeper than the one before; other files have no excerpt", () => {
  const faults = describeDiagnostics(
    [
      diagnostic(at(1, 2), at(1, 10), "Not assignable."),
      diagnostic(at(1, 2), at(1, 10), "Because of x."),
      diagnostic(at(1, 2), at(1, 10), "Because it is so."),
      diagnostic(at(0, 6), at(0, 7), "Unused.", "other.ts"),
    ],
    code,
    "Cell [3]",
  );
  assert.deepEqual(faults, [
    {
      place: "Cell [3]:2:3",
      message: "Not assignable.\n  Because of x.\n    Because it is so.",
      excerpt: ["1 | const a = 1;", "2 | f({ x: 1 });", "  |   ~~~~~~~~"],
    },
    { place: "other.ts:1:7", message: "Unused.", excerpt: [] },
  ]);
});
