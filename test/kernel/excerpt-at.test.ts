import assert from "node:assert/strict";
import { test } from "node:test";
import { excerptAt } from "../../src/kernel/excerpt-at";

test("an excerpt is the line with a mark beneath, and the line before it", () => {
  const text = "one\n\tconst two = 2;\n\nfour";
  assert.deepEqual(excerptAt(text, { line: 2, column: 8, length: 3 }), [
    "1 | one",
    "2 | \tconst two = 2;",
    "  | \t      ~~~",
  ]);
  assert.deepEqual(excerptAt(text, { line: 4, column: 1, length: 99 }), ["4 | four", "  | ~~~~"]);
  assert.deepEqual(excerptAt(text, { line: 9, column: 1 }), []);
  const ten = Array.from({ length: 10 }, (_, at) => `line ${at + 1}`).join("\n");
  assert.deepEqual(excerptAt(ten, { line: 10, column: 6 }), [" 9 | line 9", "10 | line 10", "   |      ~"]);
});
