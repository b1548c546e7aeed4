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
  /** Whether the executed quickstart notebook will lie beside the page. */
  readonly notebook: boolean;
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

const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
const power = (value: number) =>
  value === 0 ? "0" : value.toExponential(0).replace(/e([+-])(\d+)/, (_, sign: string, digits: string) => ` × 10${raised(sign, digits)}`); // prettier-ignore
const raised = (sign: string, digits: string) =>
  (sign === "-" ? "⁻" : "") + [...digits].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");
const testAccuracy = (run: ga.RunRecord) => run.epochs.at(-1)?.testAccuracy ?? Number.NaN;

/** Accuracies of the amplified runs and their baselines: what the seeds make of each. */
export function spread(runs: readonly ga.RunRecord[]): { name: string; accuracy: number; deviation: number | null }[] {
  return ["baseline", "amplified"].map((name) => {
    const values = runs.filter((run) => run.name.includes(name)).map(testAccuracy);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return { name, accuracy: mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null };
  });
}

interface DemoFigure {
  heading: string;
  text: string;
  figure: ga.Figure;
}

/** The figures of the report by file name; the first tells the story. */
function demoFigures(runs: DemoOutcome["runs"]): Map<string, DemoFigure> {
  const part = (name: DemoTrial["part"]) => runs.filter(({ trial }) => trial.part === name).map(({ run }) => run);
  const [vanishing, amplification] = [part("vanishing"), part("amplification")];
  const [shallow, deep, mended] = vanishing;
  const slug = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const figures = new Map<string, DemoFigure>();
  if (shallow && deep && mended)
    figures.set("gradient-comparison", {
      heading: "What happened",
      text:
        `${shallow.name} reaches ${percent(testAccuracy(shallow))} of the test images, ${deep.name} with thirty layers more ` +
        `${percent(testAccuracy(deep))}: its gradient at the input is ${power(gradientEnds(deep).input)}, too small to learn ` +
        `from. With batch normalisation and residual connections it is ${power(gradientEnds(mended).input)}, and the same ` +
        `depth reaches ${percent(testAccuracy(mended))}.`,
      figure: ga.figure.gradientComparison(vanishing, { title: "Gradients of the last epoch, from input to head" }),
    });
  figures.set("training-curves", {
    heading: "Training curves",
    text: "A network whose gradients vanish keeps the loss of guessing, however long it is trained.",
    figure: ga.figure.trainingCurves(vanishing, { title: "Loss and accuracy of the three networks" }),
  });
  for (const run of vanishing) {
    const { input, head } = gradientEnds(run);
    figures.set(`gradient-flow-${slug(run.name)}`, {
      heading: `Gradient flow of ${run.name}`,
      text:
        `Mean |gradient| of each layer's weights in the last minibatch of every epoch. After training it is ` +
        `${power(input)} at the input and ${power(head)} at the head.`,
      figure: ga.figure.gradientFlow(run, { title: `Gradient flow of ${run.name}` }),
    });
  }
  const bars = spread(amplification);
  const [baseline, amplified] = bars;
  if (baseline && amplified) {
    const gain = 100 * (amplified.accuracy - baseline.accuracy);
    const noise = 100 * Math.hypot(baseline.deviation ?? 0, amplified.deviation ?? 0);
    const seeds = amplification.length / 2;
    figures.set("amplified-and-baseline", {
      heading: "Amplification, and what a seed makes",
      text:
        `The same starts, the same batches; in epochs 4 to 8 gradients are doubled at half of the batch normalisations. ` +
        `Over ${seeds} seeds the amplified networks are ${Math.abs(gain).toFixed(1)} points ${gain < 0 ? "below" : "above"} ` +
        `their baselines, where seeds alone make differences of ${noise.toFixed(1)} points` +
        `${Math.abs(gain) < noise ? ": nothing that could be told from chance" : ", and so few seeds prove nothing"}. ` +
        `The papers' question is asked with more of everything: gradamp reproduce ga.`,
      figure: ga.figure.accuracyBars(bars, {
        title: `Test accuracy, mean and standard deviation of ${seeds} seeds`,
        height: 360,
      }),
    });
    const last = amplification.slice(-2);
    figures.set("amplified-run", {
      heading: "One amplified run beside its baseline",
      text: `Amplified were ${[...new Set(last.at(-1)?.stages.flatMap((stage) => stage.layers))].join(", ")}.`,
      figure: ga.figure.trainingCurves(last, { title: "Amplified and baseline, one seed" }),
    });
  }
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
  const parts = [...figures].map(([name, part]) => ({
    ...part,
    links: Object.fromEntries(
      ["svg", "png", "html", "json"]
        .map((kind) => [`${name}.${kind}`, kind.toUpperCase()] as const)
        .filter(([file]) => !missing.some((what) => what.startsWith(`${file}:`))),
    ),
  }));
  const page = join(folder, "index.html");
  writeFileAtomically(
    page,
    ga.htmlPage({
      title: "Vanishing gradients, and what helps",
      parts: [
        ...parts.slice(0, 1),
        { heading: "Results", html: ga.table.toHtml(table), links: { "table.csv": "CSV", "table.md": "Markdown" } },
        ...parts.slice(1),
        {
          heading: "How this was made",
          text: `${outcome.description}. ${process.arch}, Node ${process.version}, ${Math.round(outcome.seconds)} s of training.`,
          links: outcome.notebook ? { "quickstart.html": "The quickstart notebook, executed" } : {},
        },
      ],
    }),
  );
  return { page, missing };
}
