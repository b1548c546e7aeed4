import { type ColumnTable, table } from "arquero";

import { type Numbers, numbersOf } from "../papers/numbers";
import type { PublishedRow } from "../papers/published-row";
import type { Status } from "../verbs/beside-published";
import { asPublished } from "./as-published";
import { type ResultRow, resultRows } from "./result-row";

/** Two published numbers of which one is said to be above the other. */
interface Comparison {
  readonly claim: string;
  readonly above: PublishedRow;
  readonly below: PublishedRow;
}

/**
 * What a paper's tables say beyond their numbers, which can be judged at a smaller scale, too: which network or method is
 * above which, and that VGG38 does not learn.
 *
 * One row a claim: the published numbers, ours found the same way, and whether ours stand in the same order.  A claim says
 * nothing of how much, nor of chance: `chosenByValidation` does.
 *
 * @param results what `ga.sweepResults` gives
 * @param published what `ga.published` gives
 * @param options.scale at "demo" nothing is judged
 * @example
 * import { mkdtempSync } from "node:fs";
 * import * as ga from "gradamp";
 *
 * const sweep = new ga.Sweep(mkdtempSync("/tmp/sweep-"), { trials: ga.reproductionTrials("vgp") });
 * const claims = ga.table.reproductionClaims(ga.sweepResults(sweep), ga.published("vgp"));
 * console.log(ga.table.toText(claims, { columns: ["claim", "published", "ours", "status"] }));
 */
export function reproductionClaims(
  results: ColumnTable,
  published: ColumnTable,
  options: { scale?: "demo" | "short" | "paper" } = {},
): ColumnTable {
  const { scale = "paper" } = options;
  const rows = resultRows(results);
  const numbers = numbersOf(published.objects({ limit: Infinity }) as PublishedRow[]);
  const found = [
    ...chanceLevel(numbers, rows),
    ...[...vgp(numbers), ...amplified(numbers)].map((comparison) => judge(comparison, rows)),
  ].map((row) => (scale === "demo" ? { ...row, status: "not run" as Status } : row));
  const names = ["source", "claim", "published", "ours", "status"] as const;
  return table(Object.fromEntries(names.map((name) => [name, found.map((row) => row[name])])));
}

/** VGG38's loss is that of a network that has learnt nothing: the logarithm of the number of classes. */
function chanceLevel({ select }: Numbers, rows: readonly ResultRow[]) {
  const chance = Math.log(100);
  return select({ paper: "vgp", model: "VGG38", quantity: "trainLoss" }).map((row) => {
    const own = asPublished(row, rows);
    const status: Status = own === null ? "not run" : Math.abs(own.value - chance) < 0.02 ? "reproduced" : "refuted";
    return {
      source: row.source,
      claim: "VGG38 learns nothing: its training loss is ln 100",
      published: row.printed,
      ours: own === null ? null : own.value.toFixed(2),
      status,
    };
  });
}

function vgp({ select }: Numbers): Comparison[] {
  const accuracies = select({ paper: "vgp", quantity: "validationAccuracy" });
  const shallow = accuracies.find(({ model }) => model === "VGG08");
  if (!shallow) return [];
  const name = ({ model, learningRate }: PublishedRow) => `${model} (${learningRate?.toExponential()})`;
  return accuracies
    .filter((row) => row !== shallow)
    .map((row) => {
      const [above, below] = row.value > shallow.value ? [row, shallow] : [shallow, row];
      return { claim: `${name(above)} above ${name(below)}, validation accuracy`, above, below };
    });
}

/** Each method's best above the original, and each choice by gradients above the random one. */
function amplified({ select }: Numbers): Comparison[] {
  const accuracies = select({ quantity: "testAccuracy" }).filter(({ source }) => source.startsWith("table"));
  return accuracies.flatMap((row) => {
    const base = accuracies.filter(({ dataset, model }) => dataset === row.dataset && model === row.model);
    return base
      .filter(({ method }) => method === "original" || (method === "random" && row.method.includes("case")))
      .filter(({ method }) => method !== row.method)
      .map((other) => {
        const [above, below] = row.value > other.value ? [row, other] : [other, row];
        const { dataset, model } = row;
        return { claim: `${model}, ${dataset}: ${above.method} above ${below.method}, test accuracy`, above, below };
      });
  });
}

function judge({ claim, above, below }: Comparison, rows: readonly ResultRow[]) {
  const [high, low] = [asPublished(above, rows), asPublished(below, rows)];
  const print = (value: number) => (value * 100).toFixed(2);
  const both = high !== null && low !== null;
  const status: Status = !both ? "not run" : high.value > low.value ? "reproduced" : "refuted";
  return {
    source: above.source,
    claim,
    published: `${above.printed} > ${below.printed}`,
    ours: both ? `${print(high.value)} ${high.value > low.value ? ">" : "≤"} ${print(low.value)}` : null,
    status,
  };
}
