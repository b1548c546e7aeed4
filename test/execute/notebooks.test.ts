import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { joinText, parseNotebook } from "../../src/execute/notebook-format";

const folder = join(__dirname, "..", "..", "..", "notebooks");
const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));

test("the seven notebooks are there", () => {
  assert.deepEqual(names.sort(), [
    "beyond-the-papers.ipynb",
    "gradient-amplification.ipynb",
    "intelligent-amplification.ipynb",
    "quickstart.ipynb",
    "tables.ipynb",
    "vanishing-gradients.ipynb",
    "your-own-model.ipynb",
  ]);
});

for (const name of names)
  test(`${name} is committed without outputs, says what it took, and can be turned to other scales at its top`, () => {
    const { cells, metadata } = parseNotebook(readFileSync(join(folder, name), "utf8"), name);
    const code = cells.filter((cell) => cell.cell_type === "code");
    assert.deepEqual(
      code.filter((cell) => (cell.outputs ?? []).length > 0 || cell.execution_count !== null).map(({ id }) => id),
      [],
    );
    assert.equal((metadata["kernelspec"] as { name?: string } | undefined)?.name, "gradamp");
    assert.equal(new Set(cells.map(({ id }) => id)).size, cells.length);
    const [first] = cells;
    assert.equal(first?.cell_type, "markdown");
    assert.match(joinText(first?.source ?? ""), /two (shared )?cores of an AMD EPYC.*no GPU/);
    if (name === "quickstart.ipynb") return;
    assert.match(joinText(code[0]?.source ?? ""), /const scale: "demo" \| "short" \| "paper" = "demo";/);
  });

for (const name of names)
  test(`${name} has code cells of fewer than twenty lines, and no line that a page cuts off`, () => {
    const { cells } = parseNotebook(readFileSync(join(folder, name), "utf8"), name);
    const lines = cells
      .filter((cell) => cell.cell_type === "code")
      .map(({ id, source }) => ({ id, lines: joinText(source).split("\n") }));
    assert.ok(lines.length >= 5);
    assert.deepEqual(
      lines.filter((cell) => cell.lines.length >= 20).map((cell) => [cell.id, cell.lines.length]),
      [],
    );
    assert.deepEqual(
      lines.flatMap((cell) => cell.lines.filter((line) => line.length > 150)),
      [],
    );
  });
