import assert from "node:assert/strict";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { exportRows, saveRun } from "../../src/runs";

test("JSON Lines have a row a line, with what is no finite number as a text and what is missing as null", () => {
  const folder = mkdtempSync(join(tmpdir(), "lines-"));
  const step = (at: number, more: object) => ({ epoch: 1, step: at, loss: 0.5, accuracy: null, learningRate: 0.1, gradientNorm: 2, ...more }); // prettier-ignore
  const steps = [step(1, {}), step(2, { loss: NaN, gradientNorm: Infinity, own: 3 })];
  saveRun({ name: 'a "b"', model: "m", parameters: 1, dataset: "d", options: {}, epochs: [], gradients: [], steps }, join(folder, "a")); // prettier-ignore
  const file = join(folder, "steps.jsonl");
  assert.equal(exportRows(join(folder, "a"), file, { rows: "steps" }), 2);
  const text = readFileSync(file, "utf8");
  assert.ok(text.endsWith("\n"));
  const rows = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    rows.map(({ step, loss, gradientNorm, accuracy, own }) => [step, loss, gradientNorm, accuracy, own]),
    [
      [1, 0.5, 2, null, null],
      [2, "NaN", "Infinity", null, 3],
    ],
  );
  assert.throws(
    () => exportRows(join(folder, "a"), join(folder, "none.jsonl"), { rows: "outputs" }),
    /nothing is written/,
  );
});
