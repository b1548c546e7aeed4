import { type ColumnTable, not, table } from "arquero";

import { published } from "../../src/experiments/published";
import { POWER_COLUMNS } from "../../src/cli/reproduce/power-text";
import { summarise, VERDICT_RULES } from "../../src/statistics";
import { toMarkdown } from "../../src/tables/render/to-markdown";
import { reproductionClaims } from "../../src/tables/reproduction/reproduction-claims";
import { columnValues } from "../../src/tables/verbs/column-values";
import type { Study } from "./studies";

/** What is kept of a study: a row a run, and what so many seeds could show. */
export interface StudyFiles {
  readonly results: ColumnTable;
  readonly power: ColumnTable;
}

/** The page docs/findings.md: computed from data/findings alone. */
export function findingsPage(studies: readonly Study[], read: (name: string) => StudyFiles | null): string {
  const parts = studies.map((study) => {
    const files = read(study.name);
    return `## ${study.title}\n\n${study.question}\n\n${files ? outcome(study, files) : "**Not run.**\n"}\nRun it (again): \`${study.command}\`, then \`npm run bench -- findings -- ${study.name} FOLDER\`.\n`;
  });
  return `# Findings

What gradamp's own runs on CIFAR found about the papers' claims, and what they could not have found. Every number on this page is
computed from \`data/findings/*.csv\`, a row a run, by \`npm run bench -- findings\`; a test holds the page to it. What a verdict means stands
in [verdicts.md](verdicts.md).

Networks of a quarter of the widths, a fifth of the training images and a tenth of the epochs answer whether an effect shows at that
size. They do not answer whether the published accuracies are right.

${parts.join("\n")}`;
}

function outcome({ paper, scale, seeds, remark }: Study, { results, power }: StudyFiles): string {
  const judged = results.filter("d => d.part === 'rerun' && d.status === 'done'");
  const claims = reproductionClaims(results.select(not(...ON_RECORD)), published(paper), { scale });
  const statuses = columnValues(claims, "status") as string[];
  const asked = columnValues(results, "part").filter((part) => part === "rerun").length;
  const unfinished = asked - judged.numRows();
  return `${times(results)}${unfinished > 0 ? ` ${unfinished} of ${asked} runs with fresh seeds have not ended and count for nothing here.` : ""}

### What came out

Test accuracy over fresh seeds, at the epoch that was best by validation; ± half the 95 % interval.

${toMarkdown(accuracies(judged), { best: false, limit: null, labels: { network: "Network", learningRate: "Learning rate", seeds: "Seeds", mean: "Test acc (%)", interval: "±", lowest: "lowest", highest: "highest" }, format: ACCURACY_FORMAT })}
### Claims

${VERDICT_RULES.difference}${remark === undefined ? "" : ` ${remark}`}

${toMarkdown(claims, { columns: ["claim", "published", "ours", "low", "high", "status", "why"], best: false, limit: null, labels: { claim: "Claim", published: "Published", ours: "Ours", low: "Difference from (points; losses × 100)", high: "to", status: "Verdict", why: "Why" }, format: { low: percent, high: percent } })}
${[...new Set(statuses)].map((status) => `${statuses.filter((each) => each === status).length} ${status}`).join(", ")}.

### What it could not have seen

Made-up results went through the same procedure with ${seeds} fresh seeds: "Reproduced" beside "published" is how often an effect of
the published size would have been seen. Effects may be smaller in small networks that are trained briefly,
and claims that fewer seeds answer so far could have shown less.

${toMarkdown(power, POWER_COLUMNS)}`;
}

/** What is kept of a run for the record and is no setting that verdicts go by. */
const ON_RECORD = ["trial", "seconds", "processor", "gradamp", "tensorflow"];

const percent = (value: unknown) => (typeof value === "number" ? (value * 100).toFixed(2) : "–");
const ACCURACY_FORMAT = {
  mean: percent,
  interval: percent,
  lowest: percent,
  highest: percent,
  seeds: (value: unknown) => String(value),
};

/** A row a network and learning rate, in the order in which they were run. */
function accuracies(runs: ColumnTable): ColumnTable {
  const rows = runs.objects({ limit: Infinity }) as { model: string; learningRate: number; method: string; bestTestAccuracy: number | null }[]; // prettier-ignore
  const keys = [...new Set(rows.map((row) => JSON.stringify([row.model, row.learningRate])))];
  const groups = keys.map((key) => {
    const own = rows.filter((row) => JSON.stringify([row.model, row.learningRate]) === key);
    const values = own.flatMap(({ bestTestAccuracy }) => (bestTestAccuracy === null ? [] : [bestTestAccuracy]));
    return { row: own[0]!, values, summary: summarise(values) };
  });
  return table({
    network: groups.map(({ row }) => row.model),
    learningRate: groups.map(({ row }) => row.learningRate),
    seeds: groups.map(({ values }) => values.length),
    mean: groups.map(({ summary }) => summary.mean),
    interval: groups.map(({ summary: { low, high } }) => (low === null || high === null ? null : (high - low) / 2)),
    lowest: groups.map(({ values }) => Math.min(...values)),
    highest: groups.map(({ values }) => Math.max(...values)),
  });
}

/** How many runs there are, how long they took and on what. */
function times(results: ColumnTable): string {
  const done = (columnValues(results, "status") as string[]).filter((status) => status === "done").length;
  const minutes = (columnValues(results, "minutes") as (number | null)[]).reduce<number>((sum, m) => sum + (m ?? 0), 0);
  const one = (name: string) => [...new Set(columnValues(results, name) as string[])].join(", ");
  return `${done} runs, ${(minutes / 60).toFixed(1)} hours of training together, one thread each, on a machine that other programs used too (${one("processor")}; gradamp ${one("gradamp")}, TensorFlow ${one("tensorflow")}).`;
}
