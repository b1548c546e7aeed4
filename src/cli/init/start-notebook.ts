import type { Notebook } from "../../execute/notebook-format";

/** A first notebook: data, a model, a training, its gradients, its table. */
export function startNotebook(): Notebook {
  const text = (id: string, source: string) => ({ cell_type: "markdown" as const, id, metadata: {}, source });
  const code = (id: string, ...lines: string[]) => ({
    cell_type: "code" as const,
    id,
    metadata: {},
    source: lines.join("\n"),
    outputs: [],
    execution_count: null,
  });
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: "gradamp", display_name: "TypeScript (gradamp)", language: "typescript" },
      language_info: { name: "typescript", file_extension: ".ts", mimetype: "text/typescript" },
    },
    cells: [
      text("title", "# Gradients of a first network\n\nRun all cells; it takes some seconds."),
      code(
        "import",
        `import * as ga from "gradamp";`,
        "",
        "const data = ga.embedded({ train: 200, validation: 100, test: 100 });",
        "const model = ga.vgg08({ classes: 10, width: 8, batchNorm: true });",
        "model",
      ),
      code("train", "const run = await ga.train(model, data, { epochs: 2, batchSize: 50 });", "run"),
      code("flow", "ga.figure.gradientFlow(run)"),
      text("table", "Results are arquero tables; `.toDanfo()` makes a DataFrame of one."),
      code("results", "ga.table.results([run]).toDanfo()"),
    ],
  };
}
