import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { nativeBackend } from "../../src/tensorflow";
import { executeNotebook } from "../../src/execute";
import type { CellOutput } from "../../src/execute/notebook-format";

const notebook = join(__dirname, "..", "..", "..", "notebooks", "quickstart.ipynb");
const folder = mkdtempSync(join(tmpdir(), "gradamp-quickstart-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The lines that a gradient-flow figure drew, by name: [first layer, last layer] of the last epoch of each panel. */
function flow(html: string): number[][] {
  const figure = JSON.parse(/var figure = (.*);\n/.exec(html)?.[1] ?? "") as {
    data: { name?: string; xaxis?: string; y: (number | null)[] }[];
  };
  return ["x", "x2"].map((axis) => {
    const line = figure.data.filter(({ name, xaxis }) => xaxis === axis && name?.startsWith("epoch")).at(-1);
    return [line?.y[0] ?? NaN, line?.y.at(-1) ?? NaN];
  });
}

test(
  "the quickstart runs in a kernel from import to figure, and shows vanishing and mended gradients",
  { skip: nativeBackend() === null ? "without native TensorFlow it takes an hour" : false },
  async () => {
    const html = join(folder, "quickstart.html");
    const executed = await executeNotebook(notebook, { html });
    const outputs = executed.cells.flatMap((cell): CellOutput[] => cell.outputs ?? []);
    assert.equal(executed.cells.filter((cell) => cell.cell_type === "code").length, 10);
    const htmls = outputs.flatMap((output) =>
      output.output_type === "display_data" && "text/html" in output.data ? [String(output.data["text/html"])] : [],
    );
    const flows = htmls.filter((each) => each.includes("Gradient flow:")).map(flow);
    const [[shallow, deep] = [], [, mended] = []] = flows;
    const fall = (ends: number[] | undefined) => Math.log10((ends?.[1] ?? NaN) / (ends?.[0] ?? NaN));
    assert.ok(fall(shallow) < 4, `VGG08 falls by ${fall(shallow)} powers of ten`);
    assert.ok(fall(deep) > 9, `VGG38 falls by ${fall(deep)} powers of ten`);
    assert.ok(fall(mended) < 3, `VGG38 BN + RC falls by ${fall(mended)} powers of ten`);
    assert.equal(htmls.filter((each) => each.includes("DecompressionStream")).length, 1);
    assert.match(readFileSync(html, "utf8"), /VGG08 BN, amplified/);
  },
);
