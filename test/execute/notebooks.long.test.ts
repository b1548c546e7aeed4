import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { executeNotebook } from "../../src/execute";
import { type CellOutput, joinText } from "../../src/execute/notebook-format";
import { nativeBackend } from "../../src/tensorflow";

const root = join(__dirname, "..", "..", "..");
// Beside the notebooks, where packages are found as theirs are; runs are kept in it.
const folder = mkdtempSync(join(root, "notebooks", "test-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What a notebook showed at demo scale. */
interface Executed {
  /** The texts that were printed. */
  readonly printed: string;
  /** The HTML of figures and tables. */
  readonly htmls: string[];
}

async function execute(name: string): Promise<Executed> {
  copyFileSync(join(root, "notebooks", `${name}.ipynb`), join(folder, `${name}.ipynb`));
  const { cells } = await executeNotebook(join(folder, `${name}.ipynb`), { html: join(folder, `${name}.html`) });
  const outputs = cells.flatMap((cell): CellOutput[] => cell.outputs ?? []);
  const stream = (which: string) =>
    outputs
      .flatMap((output) => (output.output_type === "stream" && output.name === which ? [joinText(output.text)] : []))
      .join("");
  assert.equal(stream("stderr"), "", `${name} wrote to its standard error`);
  const htmls = outputs.flatMap((output) =>
    output.output_type === "display_data" && "text/html" in output.data
      ? [joinText(output.data["text/html"] as string)]
      : [],
  );
  return { printed: stream("stdout"), htmls };
}

/** The titles of the figures among what was shown. */
const titles = (htmls: readonly string[]) =>
  htmls.flatMap((html) => /"title":\{"text":"((?:[^"\\]|\\.)*)"/.exec(html)?.[1] ?? []);

/** The cells of a table's column. */
function column(html: string, at: number): string[] {
  const rows = [...html.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row]) =>
    [...(row ?? "").matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell]) => (cell ?? "").replace(/<[^>]*>/g, "")),
  );
  return rows.flatMap((row) => row[at] ?? []);
}

describe(
  "notebooks at demo scale",
  { skip: nativeBackend() === null ? "without native TensorFlow they take days" : false },
  () => {
    test("vanishing-gradients: VGG38's gradients vanish, batch norm and residual connections bring them back", async () => {
      const { htmls } = await execute("vanishing-gradients");
      assert.ok(titles(htmls).length >= 9, titles(htmls).join("\n"));
      const claims = htmls.find((html) => html.includes("claims came out")) ?? "";
      const verdicts = Object.fromEntries(column(claims, 0).map((claim, at) => [claim, column(claims, 3)[at]]));
      for (const claim of [
        "VGG38's gradients vanish (figure 3)",
        "VGG08's do not (figure 2)",
        "Batch norm mends the gradients (section 6)",
      ]) {
        const found = Object.keys(verdicts).find((text) => text.replaceAll("&#39;", "'") === claim) ?? "";
        assert.equal(verdicts[found], "came out", `${claim}: ${JSON.stringify(verdicts)}`);
      }
    });

    test("gradient-amplification: factors pile up under backprop; the sweep says what to believe", async () => {
      const { htmls, printed } = await execute("gradient-amplification");
      const [, layers = "", power = "", input = "", own = ""] =
        /(\d+) amplified batch norms: 2\^\d+ = (\d+)\nfactor at the first convolution: (\S+) under backprop, (\S+) under parameters/.exec(
          printed,
        ) ?? [];
      assert.equal(Number(power), 2 ** Number(layers));
      assert.equal(Number(input), Number(power));
      assert.equal(Number(own), 1);
      assert.match(printed, /epochs one by one/);
      assert.match(printed, /Chosen by validation: [+−]\d/);
      assert.ok(titles(htmls).length >= 7, titles(htmls).join("\n"));
    });

    test("intelligent-amplification: gradients choose layers, thresholds that choose the same are one training", async () => {
      const { htmls, printed } = await execute("intelligent-amplification");
      const [asked, planned] = [/trials, (\d+) epochs one by one/, /(\d+) epochs were enough/].map((text) =>
        Number(text.exec(printed)?.[1]),
      );
      assert.ok((planned ?? NaN) < (asked ?? NaN), printed);
      const counts = htmls.find((html) => html.includes("a threshold chooses")) ?? "";
      const chosen = column(counts, 1).map(Number);
      assert.equal(chosen.length, 5);
      assert.ok(
        chosen.every((count, at) => at === 0 || count <= (chosen[at - 1] ?? NaN)),
        chosen.join(", "),
      );
      assert.ok(titles(htmls).length >= 5, titles(htmls).join("\n"));
    });

    test("beyond-the-papers: of thirteen starts of VGG38 three vanish, SELU and orthogonal kernels do not", async () => {
      const { htmls } = await execute("beyond-the-papers");
      assert.equal(titles(htmls).length, 3);
      const starts = htmls.find((html) => html.includes("powers of ten lost"))!;
      const lost = new Map(
        column(starts, 0).map((name, at) => [name, Number(column(starts, 3)[at]!.replace("−", "-"))]),
      );
      assert.equal(lost.size, 13);
      for (const [name, powers] of lost)
        assert.equal(powers > 5, ["plain", "ELU", "GELU"].includes(name), `${name}: ${powers}`);
      assert.ok(htmls.some((html) => html.includes("noise scale, in batches")));
    });

    test("your-own-model: a model and images from the disk vanish, amplifying evens the flow out", async () => {
      const { htmls, printed } = await execute("your-own-model");
      const [, plain = "", amplified = ""] = /Powers of ten lost: (\S+) plain, (\S+) amplified/.exec(printed) ?? [];
      assert.ok(Number(plain) > 3, printed);
      assert.ok(Math.abs(Number(amplified)) < Number(plain) / 2, printed);
      const [, layers = "", factor = ""] = /Γ = 2 at (\d+) layers: (\S+) at the input/.exec(printed) ?? [];
      assert.ok(Math.abs(Number(factor) / 2 ** Number(layers) - 1) < 1e-3, printed);
      assert.match(printed, /10 of 10 layers amplified; loss \d/);
      assert.ok(titles(htmls).length >= 6, titles(htmls).join("\n"));
    });

    test("tables: a folder of runs in arquero and danfo, the papers' tables with ours beside", async () => {
      const { htmls, printed } = await execute("tables");
      assert.match(printed, /\\begin\{tabular\}/);
      const beside = htmls.at(-1) ?? "";
      assert.ok(column(beside, 4).length >= 8, beside);
      assert.ok(column(beside, 4).every((text) => /\d/.test(text)));
    });
  },
);
