import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

// Compiled tests run in dist/test/figures; the snapshots stay with the sources.
const folder = join(__dirname, "..", "..", "..", "test", "figures", "snapshots");

/** The file of a snapshot. */
export function snapshotFile(name: string): string {
  return join(folder, `${name}.json`);
}

/**
 * Compares a spec with the JSON that was committed for it. UPDATE_SNAPSHOTS=1 writes the file instead: look at the
 * figure before committing it.
 */
export function matchSnapshot(name: string, spec: unknown): void {
  const file = snapshotFile(name);
  const found = `${JSON.stringify(spec, null, 1)}\n`;
  if (process.env.UPDATE_SNAPSHOTS === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, found);
    return;
  }
  assert.ok(
    existsSync(file),
    `Found no snapshot ${name}; run the tests with UPDATE_SNAPSHOTS=1 and look at the figure`,
  );
  assert.deepEqual(JSON.parse(found), JSON.parse(readFileSync(file, "utf8")), `${name} differs from its snapshot`);
}
