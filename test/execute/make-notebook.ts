import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Writes a notebook with the given code cells into a folder of its own and returns its path. */
export function makeNotebook(...cells: string[]): string {
  const path = join(mkdtempSync(join(tmpdir(), "gradamp-test-")), "small.ipynb");
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "gradamp", display_name: "TypeScript (gradamp)", language: "typescript" } },
    cells: cells.map((source, at) => ({
      cell_type: "code",
      id: `cell-${at}`,
      source: source.split(/(?<=\n)/),
      metadata: {},
      outputs: [],
      execution_count: null,
    })),
  };
  writeFileSync(path, JSON.stringify(notebook));
  return path;
}
