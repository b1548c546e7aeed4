import * as aq from "arquero";
import { join } from "node:path";
import * as ga from "../..";
import { closeExporter } from "../../export";
import { writeFileAtomically } from "../../files/write-file-atomically";
import type { DemoTrial } from "./demo-trials";

/** What the demo has to tell when all trials are done. */
export interface DemoOutcome {
  readonly runs: readonly { readonly trial: DemoTrial; readonly run: ga.Run }[];
  readonly description: string;
  /** Wall time of the whole demo so far, in seconds. */
  readonly seconds: number;
}

/** Mean |gradient| of a run's last epoch at the first and at the last layer with a kernel. */
export function gradientEnds(run: ga.RunRecord): { input: number; head: number } {
  const epoch = run.epochs.at(-1)?.epoch;
  const kernels = run.gradients.filter((row) => row.epoch === epoch && row.weight === "kernel");
  return { input: kernels[0]?.meanAbs ?? Number.NaN, head: kernels.at(-1)?.meanAbs ?? Number.NaN };
}

/** The demo's table: one row a run, the gradient at both ends of the network after training. */
export function demoTable(runs: readonly ga.Run[]): ReturnType<typeof ga.table.results> {
  const table = ga.table.results(runs, {
    at: "last",
    columns: {
      "Gradient at input": (run) => gradientEnds(run).input,
      "Gradient at head": (run) => gradientEnds(run).head,
      "Amplified layers": (run) => Math.max(...run.epochs.map((row) => row.amplifiedLayers)),
      "Seconds (all epochs)": (run) => Math.round(run.epochs.reduce((sum, row) => sum + row.seconds, 0)),
    },
  });
  // Model and data set are the same in every row, or told by the run's name; without them the table fits a page.
  return table.select(aq.not("model", "dataset"));
}

/** The figures of the report by file name. */
function demoFigures(runs: DemoOutcome["runs"]): Map<string, { heading: string; text: string; figure: ga.Figure }> {
  const part = (name: DemoTrial["part"]) => runs.filter(({ trial }) => trial.part === name).map(({ run }) => run);
  const [vanishing, amplification] = [part("vanishing"), part("amplification")];
  const slug = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const figures = new Map<string, { heading: string; text: string; figure: ga.Figure }>();
  for (const run of vanishing) {
    const { input, head } = gradientEnds(run);
    figures.set(`gradient-flow-${slug(run.name)}`, {
      heading: `Gradient flow of ${run.name}`,
      text:
        `Mean |gradient| of each layer's weights in the last minibatch of every epoch. After training it is ` +
        `${input.toExponential(1)} at the input and ${head.toExponential(1)} at the head.`,
      figure: ga.figure.gradientFlow(run, { title: `Gradient flow of ${run.name}` }),
    });
  }
  figures.set("training-curves", {
    heading: "Training curves",
    text: "A network whose gradients vanish keeps the loss of guessing.",
    figure: ga.figure.trainingCurves(vanishing, { title: "Training curves" }),
  });
  figures.set("amplified-and-baseline", {
    heading: "An amplified run beside its baseline",
    text:
      `The same start, the same batches; in epochs 4 to 8 gradients are doubled at half of the batch normalisations: ` +
      `${amplification
        .at(-1)
        ?.stages.flatMap((stage) => stage.layers)
        .join(", ")}. One seed shows how it works, not ` +
      `what it is worth.`,
    figure: ga.figure.trainingCurves(amplification, { title: "Amplified and baseline" }),
  });
  return figures;
}

/**
 * Writes the demo's folder: index.html with table and figures, each figure as JSON, HTML, SVG and PNG, the table as
 * Markdown and CSV, every run's rows as JSON.
 *
 * @returns the path of the page, and what could not be written
 */
export async function writeReport(folder: string, outcome: DemoOutcome): Promise<{ page: string; missing: string[] }> {
  const runs = outcome.runs.map(({ run }) => run);
  const table = demoTable(runs);
  const figures = demoFigures(outcome.runs);
  const missing: string[] = [];
  for (const [name, { figure }] of figures) {
    for (const kind of ["json", "html", "svg", "png"]) {
      try {
        await figure.save(join(folder, `${name}.${kind}`));
      } catch (error) {
        if (kind === "json" || kind === "html") throw error;
        missing.push(`${name}.${kind}: ${(error as Error).message}`);
      }
    }
  }
  await closeExporter();
  writeFileAtomically(join(folder, "table.md"), ga.table.toMarkdown(table));
  writeFileAtomically(join(folder, "table.csv"), ga.table.toCsv(table));
  for (const run of runs) {
    const { name, model, parameters, dataset, options, stages, epochs, gradients, status } = run;
    const record = { name, model, parameters, dataset, status, options, stages, epochs, gradients };
    writeFileAtomically(
      join(folder, "runs", `${name.replaceAll(/[^\w+]+/g, "-")}.json`),
      JSON.stringify(record, null, 1),
    );
  }
  const page = join(folder, "index.html");
  writeFileAtomically(
    page,
    ga.htmlPage({
      title: "gradamp: gradient flow and amplification",
      parts: [
        {
          text: `${outcome.description}. ${process.arch}, Node ${process.version}, ${Math.round(outcome.seconds)} s of training.`,
        },
        { heading: "Results", html: ga.table.toHtml(table) },
        ...figures.values(),
      ],
    }),
  );
  return { page, missing };
}
