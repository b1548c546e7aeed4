import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

import type { GradientRow } from "../../src/rows";

/** A folder that is gone after the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "gradamp-runs-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The gradient rows of an epoch, one a layer; every number tells which run, epoch and layer it belongs to. */
export function gradientRows(run: number, epoch: number, layers: readonly string[]): GradientRow[] {
  return layers.map((layer, index) => ({
    epoch,
    step: 10 * epoch,
    index,
    layer,
    weight: index % 2 === 0 ? "kernel" : "gamma",
    size: 100 + index,
    meanAbs: run + epoch / 100 + index / 10_000,
  }));
}
