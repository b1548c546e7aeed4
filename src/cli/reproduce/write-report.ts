import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";

import type { ColumnTable } from "arquero";

import type { Paper } from "../../experiments";
import { published } from "../../experiments/published";
import { type ReproductionScale, reproductionTrials } from "../../experiments/reproduction-trials";
import { htmlPage } from "../../export";
import { VERDICT_RULES, VERDICTS } from "../../statistics";
import { writeFileAtomically } from "../../files/write-file-atomically";
import type { Sweep } from "../../sweeps";
import { sweepResults } from "../../sweeps/sweep-results";
import { toCsv } from "../../tables/render/to-csv";
import { toHtml } from "../../tables/render/to-html";
import { toMarkdown } from "../../tables/render/to-markdown";
import { toText } from "../../tables/render/to-text";
import { chosenByValidation } from "../../tables/reproduction/chosen-by-validation";
import { reproductionCells } from "../../tables/reproduction/reproduction-cells";
import { reproductionClaims } from "../../tables/reproduction/reproduction-claims";
import { columnValues } from "../../tables/verbs/column-values";
import { formatSeconds } from "../../progress/format-amounts";
import { comparisonOf } from "./choose-again";
import { reportFigures } from "./report-figures";

/** What a paper is called at the head of its report. */
export const TITLES: Record<Paper, string> = {
  vgp: "Analysis of Vanishing gradient problem",
  ga: "Gradient amplification (2020)",
  iga: "Intelligent gradient amplification (2023)",
};

const JUDGED: Record<ReproductionScale, string> = {
  demo: "A demonstration of the way on a few embedded images: nothing is judged.",
  short:
    "Networks of a quarter of the widths, a fifth of the training images and a tenth of the epochs have other accuracies than the published ones, so of the cells only gains over the own baseline are judged, and of the claims their order. Ours are shown beside all that answer to one.",
  paper: "Every cell that was run is judged.",
};

/** What a report says, for a program; `gradamp reproduce --json` prints it. */
export interface ReportNumbers {
  /** How many cells and claims got which verdict. */
  readonly counts: Readonly<Record<"cells" | "claims", Readonly<Record<string, number>>>>;
  readonly claims: readonly object[];
  readonly cells: readonly object[];
  readonly believe: readonly object[];
  readonly figures: readonly { readonly heading: string; readonly missing: string | null }[];
  readonly [other: string]: unknown;
}

/** A reproduction's report. */
export interface Report {
  /** report.md. */
  readonly path: string;
  /** For a terminal. */
  readonly text: string;
  /** For a program. */
  readonly json: ReportNumbers;
}

/** Writes a reproduction's tables into its sweep's folder: what the paper prints beside ours, and what to believe. */
export async function writeReport(
  sweep: Sweep,
  paper: Paper,
  {
    scale,
    seconds,
    results = sweepResults(sweep),
  }: { scale: ReproductionScale; seconds: number; results?: ColumnTable },
): Promise<Report> {
  const cells = reproductionCells(results, published(paper), { scale });
  const claims = reproductionClaims(results, published(paper), { scale });
  const chosen = chosenByValidation(results, comparisonOf(paper));
  const counts = { cells: countStatuses(cells), claims: countStatuses(claims) };
  const { epochs } = sweep.plan();
  const training = (columnValues(results, "minutes") as (number | null)[]).reduce<number>(
    (sum, m) => sum + (m ?? 0),
    0,
  );
  const machine = `${availableParallelism()} cores of ${cpus()[0]?.model.trim() ?? "an unknown processor"}`;
  const time =
    `${sweep.trials.length} trials in ${epochs.planned.toLocaleString("en-US")} epochs (${epochs.asked.toLocaleString("en-US")} one by one), ` +
    `${formatSeconds(seconds)} in this call on ${machine}; the trials' epochs together, as if none were shared: ${formatSeconds(training * 60)}.`;

  const cellColumns = ["dataset", "model", "method", "group", "params", "learningRate", "statistic", "quantity", "printed", "oursPrinted", "differencePrinted", "tries", "chance", "freshPrinted", "status", "why"]; // prettier-ignore
  const shown = cellColumns.filter((name) => columnValues(cells, name).some((value) => value !== null));
  const percent = (value: unknown) => (typeof value === "number" ? (value * 100).toFixed(2) : "–");
  const believed = {
    labels: { candidates: "Candidates", chosen: "Chosen", chosenBy: "by", runs: "Fresh seeds", verdict: "Verdict", baseline: "Baseline test acc (%)", bestGain: "Best by test: gain (%)", chanceGain: "of that by chance (%)", chance: "chance of it" }, // prettier-ignore
    format: { baseline: percent, baselineInterval: percent, bestGain: percent, chanceGain: percent },
    best: false as const,
    limit: null,
  };
  const summary = (what: "cells" | "claims") =>
    Object.entries(counts[what])
      .map(([status, count]) => `${count} ${status}`)
      .join(", ");
  const sections = (render: (table: ColumnTable, options: object) => string) =>
    [
      ["What to believe", "Chosen by validation with seed 0 (by test accuracy where the column says so), then run with fresh seeds, which alone are counted; ± deviation over seeds, [± 95 % interval], gain as paired difference over the same seeds, Holm-corrected over the table.", chosen.numRows() > 0 ? render(chosen, believed) : "Nothing to choose by validation was run.\n"], // prettier-ignore
      [
        "Claims",
        `${summary("claims")}. ${VERDICT_RULES.difference}`,
        render(claims, {
          limit: null,
          labels: {
            source: "Where",
            claim: "Claim",
            published: "Published",
            ours: "Ours",
            difference: "Difference (points; losses × 100)",
            low: "from",
            high: "to",
            pValue: "p",
            status: "Status",
            why: "Why",
          },
          format: { difference: percent, low: percent, high: percent },
        }),
      ],
      ["Cells as the paper has them", `${summary("cells")}. ${JUDGED[scale]} ${VERDICT_RULES.number} ${VERDICT_RULES.bestOf} Amplified numbers are the best by test accuracy, as the paper reports them.`, render(cells, { columns: shown, best: false, limit: null, labels: { group: "Group", params: "Params", statistic: "Statistic", quantity: "Quantity", printed: "Published", oursPrinted: "Ours", differencePrinted: "Difference", tries: "Best of", chance: "Chance of it", freshPrinted: "Fresh seeds", status: "Status", why: "Why" } })], // prettier-ignore
    ] as const;

  const drawn = reportFigures(
    paper,
    results,
    sweep.folder,
    (rowsOf(chosen) as { model: string; dataset: string; method?: string; chosen: string }[]).filter(({ method }) => !["tuned", "raised rate", "random"].includes(method ?? "")), // prettier-ignore
  );
  const blind = scale === "paper" && paper !== "vgp" && !(columnValues(results, "validationAccuracy") as unknown[]).some((value) => value !== null); // prettier-ignore
  const wanting = blind ? `The published protocol holds no images out. With them: ${heldOutCost(paper)}` : "";
  const markdown = sections((table, options) => toMarkdown(table, options)).map(([title, note, table]) => `## ${title}\n\n${note}\n\n${table}\n`); // prettier-ignore
  const path = join(sweep.folder, "report.md");
  const title = `${TITLES[paper]}, scale ${scale}`;
  const list = drawn.map(
    ({ heading, missing }) => `- ${heading}${missing === null ? "" : `: not drawn. ${missing}`}\n`,
  );
  writeFileAtomically(
    path,
    `# ${title}\n\n${time}\n\n${wanting === "" ? "" : `${wanting}\n\n`}${markdown.join("\n")}\n## Figures\n\nDrawn in report.html:\n\n${list.join("")}`,
  );
  const page = join(sweep.folder, "report.html");
  const tableParts = sections((table, options) => toHtml(table, options)).map(([heading, text, html]) => ({ heading, text, html })); // prettier-ignore
  const figureParts = drawn.map(({ heading, spec, missing }) =>
    spec === null ? { heading, text: `Not drawn. ${missing ?? ""}` } : { heading, figure: spec },
  );
  const introduction = { text: time };
  const parts = [introduction, ...(wanting === "" ? [] : [{ text: wanting }]), ...tableParts.slice(0, 2), ...figureParts, ...tableParts.slice(2)]; // prettier-ignore
  writeFileAtomically(page, htmlPage({ title, parts }));
  const tables = { cells, claims, results, "chosen-by-validation": chosen };
  for (const [name, table] of Object.entries(tables))
    writeFileAtomically(join(sweep.folder, `${name}.csv`), toCsv(table));

  const text = sections((table, options) => toText(table, options)).map(([title, note, table]) => `${title}\n${note}\n\n${table}\n`); // prettier-ignore
  const json = {
    paper,
    scale,
    folder: sweep.folder,
    seconds,
    trainingMinutes: training,
    epochs,
    counts,
    believe: rowsOf(chosen),
    claims: rowsOf(claims),
    cells: rowsOf(cells),
    figures: drawn.map(({ heading, missing }) => ({ heading, missing })),
  };
  return { path, text: `${text.join("\n")}\n${time}\n`, json };
}

const rowsOf = (table: ColumnTable) => table.objects({ limit: Infinity });

/** What the protocol with validation images would take. */
function heldOutCost(paper: Paper): string {
  const trials = reproductionTrials(paper, { scale: "paper", split: "held-out" });
  const epochs = trials.reduce((sum, trial) => sum + trial.epochs, 0);
  const count = (value: number) => value.toLocaleString("en-US");
  return (
    `gradamp reproduce ${paper} --scale paper --split held-out runs ${count(trials.length)} trials, ${count(epochs)} epochs ` +
    `one by one, tuned baselines among them, and what is chosen by validation then with fresh seeds.`
  );
}

function countStatuses(table: ColumnTable): Record<string, number> {
  const counts: Record<string, number> = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0]));
  for (const status of columnValues(table, "status") as string[]) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
