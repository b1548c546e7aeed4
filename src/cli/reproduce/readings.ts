import { join } from "node:path";

import { type ColumnTable, table } from "arquero";

import { htmlPage } from "../../export";
import { writeFileAtomically } from "../../files/write-file-atomically";
import { toCsv } from "../../tables/render/to-csv";
import { toHtml } from "../../tables/render/to-html";
import { toMarkdown } from "../../tables/render/to-markdown";
import { toText } from "../../tables/render/to-text";
import type { ReproduceFlags } from "./reproduce-flags";
import type { Report } from "./write-report";

/** What the papers leave open, with all answers that were asked for. */
export type AskedReadings = { readonly [Point in OpenPoint]?: readonly NonNullable<ReproduceFlags[Point]>[] };

type OpenPoint = (typeof OPEN_POINTS)[number];
const OPEN_POINTS = ["scope", "weightDecay", "readingOfG"] as const;

/** One answer to each open point that was asked about. */
export type Reading = Pick<ReproduceFlags, OpenPoint>;

/** Every combination of the answers: one reading of a paper each, whose results never enter one mean. */
export function readingsOf(asked: AskedReadings): Reading[] {
  return OPEN_POINTS.reduce<Reading[]>(
    (readings, point) => {
      const answers: readonly (string | number)[] | undefined = asked[point];
      if (answers === undefined) return readings;
      return readings.flatMap((reading) => [...new Set(answers)].map((answer) => ({ ...reading, [point]: answer })));
    },
    [{}],
  );
}

/** A reading as a folder and a column call it. */
export function readingName({ scope, weightDecay, readingOfG }: Reading): string {
  return [scope, weightDecay === undefined ? null : `decay-${weightDecay}`, readingOfG].filter(Boolean).join("-");
}

/** A reading with its reproduction's report. */
export interface ReadReport {
  readonly reading: Reading;
  readonly report: Report;
}

interface Judged {
  readonly source?: string;
  readonly claim?: string;
  readonly difference?: number | null;
  readonly status: string;
}

interface Believed {
  readonly dataset: string;
  readonly model: string;
  readonly method?: string;
  readonly verdict: string;
  readonly testAccuracyImprovement: number | null;
  readonly testAccuracyImprovementInterval: number | null;
}

const points = (value: number) => (100 * value).toFixed(2);

/** What holds under which reading: a row for each claim, and for each method that was chosen; a column for each reading. */
export function besideReadings(reports: readonly ReadReport[]): { claims: ColumnTable; believe: ColumnTable } {
  const claims = spread(
    reports.map(({ reading, report }) => [readingName(reading), report.json.claims as Judged[]]),
    ({ source, claim }) => ({ source, claim }),
    ({ status, difference }) => (typeof difference === "number" ? `${status} (${points(difference)})` : status),
  );
  const believe = spread(
    reports.map(({ reading, report }) => [readingName(reading), report.json.believe as Believed[]]),
    ({ dataset, model, method }) => ({ dataset, model, method: method ?? null }),
    ({ verdict, testAccuracyImprovement: gain, testAccuracyImprovementInterval: half }) =>
      gain === null ? verdict : `${verdict} (${points(gain)}${half === null ? "" : ` ± ${points(half)}`})`,
  );
  return { claims, believe };
}

/** Rows of several readings side by side; a row that a reading does not have is "–" there. */
function spread<Row>(
  lists: readonly (readonly [name: string, rows: readonly Row[]])[],
  what: (row: Row) => Record<string, unknown>,
  told: (row: Row) => string,
): ColumnTable {
  const rows = new Map<string, Record<string, unknown>>();
  for (const [name, list] of lists)
    for (const row of list) {
      const key = JSON.stringify(what(row));
      rows.set(key, { ...(rows.get(key) ?? what(row)), [name]: told(row) });
    }
  const all = [...rows.values()];
  const names = [...Object.keys(all[0] === undefined ? {} : JSON.parse([...rows.keys()][0]!)), ...lists.map(([name]) => name)]; // prettier-ignore
  return table(Object.fromEntries(names.map((name) => [name, all.map((row) => row[name] ?? "–")])));
}

/** Writes the readings beside each other into the folder that holds their reproductions; returns page and texts. */
export function writeReadings(
  folder: string,
  title: string,
  reports: readonly ReadReport[],
): { readonly path: string; readonly text: string; readonly json: object } {
  const { claims, believe } = besideReadings(reports);
  const note =
    "Each column is a reproduction of its own, under one reading of what the paper leaves open; no number enters two. " +
    "Within a column verdicts are corrected for how many are asked; between columns they are not.";
  // A reading is headed by its name, whatever quantity is called so elsewhere.
  const labels = Object.fromEntries(reports.map(({ reading }) => [readingName(reading), readingName(reading)]));
  const options = { limit: null, best: false, labels } as const;
  const sections = [
    ["Claims", claims, "The verdict, with the difference in points (of losses × 100)."],
    ["What to believe", believe, "The chosen setting's gain over the baseline in points of test accuracy, ± 95 % interval."], // prettier-ignore
  ] as const;
  const render = (to: (table: ColumnTable, options: object) => string) =>
    sections.map(([heading, rows, text]) => ({
      heading,
      text,
      table: rows.numRows() === 0 ? "Nothing was run.\n" : to(rows, options),
    }));
  const markdown = render(toMarkdown).map(({ heading, text, table }) => `## ${heading}\n\n${text}\n\n${table}\n`);
  const path = join(folder, "readings.md");
  writeFileAtomically(path, `# ${title}\n\n${note}\n\n${markdown.join("\n")}`);
  const parts = render(toHtml).map(({ heading, text, table }) => ({ heading, text, html: table }));
  writeFileAtomically(join(folder, "readings.html"), htmlPage({ title, parts: [{ text: note }, ...parts] }));
  writeFileAtomically(join(folder, "claims.csv"), toCsv(claims));
  writeFileAtomically(join(folder, "chosen-by-validation.csv"), toCsv(believe));
  const text = render(toText).map(({ heading, text, table }) => `${heading}\n${text}\n\n${table}\n`);
  return {
    path,
    text: `${title}\n${note}\n\n${text.join("\n")}`,
    json: {
      readings: reports.map(({ reading, report }) => ({ reading, ...report.json })),
      claims: claims.objects({ limit: Infinity }),
      believe: believe.objects({ limit: Infinity }),
    },
  };
}
