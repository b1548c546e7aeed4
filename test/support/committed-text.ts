import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The repository's root, seen from dist/test/support. */
export const root = join(__dirname, "..", "..", "..");

/** Asserts that a committed file holds this text; with GRADAMP_UPDATE=1 writes it instead. */
export function assertCommittedText(path: string, text: string): void {
  const file = join(root, path);
  if (process.env["GRADAMP_UPDATE"] === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  assert.equal(readFileSync(file, "utf8"), text, `${path} is not current: run the test with GRADAMP_UPDATE=1`);
}
