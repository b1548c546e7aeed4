import { checkOptions, checkTable, oneOf } from "../../options";
import { type ColumnTable, table } from "arquero";

import { judgeDifference, judgeNumber, summarise, summariseDifference, type Verdict } from "../../statistics";
import { type Numbers, numbersOf } from "../papers/numbers";
import type { PublishedRow } from "../papers/published-row";
import { asPublished, seedValues } from "./as-published";
import { checkOneReading } from "./check-one-reading";
import { type Comparison, comparisonsOf } from "./comparisons";
import { correctionsOf } from "./corrections";
import { epochRuleOf, numberAt } from "./epoch-rule";
import { isDiverged, type ResultRow, resultRows } from "./result-row";

/** A claim with what became of it. */
export interface JudgedClaim {
  readonly source: string;
  readonly claim: string;
  readonly published: string;
  readonly ours: string | null;
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly pairs: number;
  readonly pValue: number | null;
  readonly status: Verdict;
  readonly why: string;
}

/**
 * What a paper's tables say beyond their numbers, which can be judged at a smaller scale, too: which network or method is
 * above which, and that VGG38 does not learn; and the two controls, a baseline with as many tries and one with a raised
 * learning rate, which the paper does not have.
 *
 * Each order is judged by the paired difference over fresh seeds (`ga.statistics.VERDICT_RULES.difference`),
 * Holm-corrected together with the gains of `reproductionCells`. Settings of the amplified side were chosen before these seeds were run: by validation
 * accuracy, or by test accuracy where nothing was held out.
 *
 * | column | |
 * |---|---|
 * | source, claim, published | what is said where; "control" for what we ask |
 * | ours | both means over the seeds that both sides have, in per cent |
 * | difference, low, high, pairs, pValue | the paired difference with its corrected interval and p value |
 * | status, why | reproduced, refuted, inconclusive or not run, and what decided |
 *
 * @param results what `ga.sweepResults` gives
 * @param published what `ga.published` gives
 * @param options.scale at "demo" nothing is judged
 * @throws {RangeError} for a table that lacks a column, and for results under more than one weight decay or scope
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
  checkOptions("table.reproductionClaims", options, { scale: oneOf("demo", "short", "paper") });
  checkTable(results);
  checkTable(published);
  const found = judgeClaims(resultRows(results), published.objects({ limit: Infinity }) as PublishedRow[], options);
  const names = ["source", "claim", "published", "ours", "difference", "low", "high", "pairs", "pValue", "status", "why"] as const; // prettier-ignore
  return table(Object.fromEntries(names.map((name) => [name, found.map((row) => row[name])])));
}

/** The same on plain rows. */
export function judgeClaims(
  rows: readonly ResultRow[],
  published: readonly PublishedRow[],
  { scale = "paper" }: { scale?: "demo" | "short" | "paper" } = {},
): JudgedClaim[] {
  checkOneReading(rows);
  const correctionOf = correctionsOf(rows, published);
  const judged = comparisonsOf(rows, published).map((comparison): JudgedClaim => {
    const { source, claim, published: printed, quantity, paper, above, below } = comparison;
    const own = comparison.difference;
    const { adjusted, confidence } = correctionOf(quantity, own);
    const difference = own === null ? null : summariseDifference(own, confidence);
    const valueOf = (row: ResultRow) => numberAt(row, quantity, epochRuleOf(paper));
    const pairedMeans = [above, below].map(({ rows: runs }) => {
      const values = seedValues(runs ?? [], valueOf).filter(({ seed }) => !(own?.unpaired.includes(seed) ?? true));
      return summarise(values.map(({ value }) => value)).mean;
    });
    const [high = null, low = null] = pairedMeans;
    const percent = (value: number) => (value * 100).toFixed(2);
    const sign = high !== null && low !== null && high > low ? ">" : "≤";
    const diverged = [above, below].flatMap(({ rows: runs }) => (runs ?? []).filter(isDiverged)).length;
    const [status, why] = verdict(comparison, difference, diverged);
    return {
      source,
      claim,
      published: printed,
      ours: high === null || low === null ? null : `${percent(high)} ${sign} ${percent(low)}`,
      difference: difference?.mean ?? null,
      low: difference?.low ?? null,
      high: difference?.high ?? null,
      pairs: difference?.n ?? 0,
      pValue: adjusted,
      status,
      why,
    };
  });
  const all = [...chanceLevel(numbersOf(published), rows), ...judged];
  return scale === "demo" ? all.map((row) => ({ ...row, status: "not run", why: "a demonstration judges nothing" })) : all; // prettier-ignore
}

function verdict(
  { above, below }: Comparison,
  difference: { n: number; low: number | null; high: number | null } | null,
  diverged: number,
): [Verdict, string] {
  const missing = [above, below].find(({ known }) => !known);
  if (missing) return ["not run", `${missing.name} was not run`];
  const once = [above, below].find(({ rows }) => rows === null);
  if (once) return ["inconclusive", `the setting of ${once.name} was not run with fresh seeds`];
  if (diverged > 0) return ["inconclusive", `${diverged} of the runs diverged`];
  if (difference === null || difference.n < 2) return ["inconclusive", "fewer than two seeds that both have"];
  return [judgeDifference(difference, 1), `paired difference over ${difference.n} seeds`];
}

/** VGG38's loss is that of a network that has learnt nothing: the logarithm of the number of classes. */
function chanceLevel({ select }: Numbers, rows: readonly ResultRow[]): JudgedClaim[] {
  const chance = Math.log(100);
  const shifted = (value: number | null) => (value === null ? null : value - chance);
  return select({ paper: "vgp", model: "VGG38", quantity: "trainLoss" }).map((row) => {
    const own = asPublished(row, rows);
    const status: Verdict = own === null ? "not run" : judgeNumber(own, { value: chance, allowed: 0.02 });
    return {
      source: row.source,
      claim: "VGG38 learns nothing: its training loss is ln 100 ± 0.02",
      published: row.printed,
      ours: own === null ? null : own.value.toFixed(2),
      difference: own === null ? null : own.value - chance,
      low: shifted(own?.low ?? null),
      high: shifted(own?.high ?? null),
      pairs: own?.runs ?? 0,
      pValue: null,
      status,
      why: own === null ? "VGG38 was not run" : own.low === null ? "one run has no interval" : `95 % interval over ${own.runs} seeds`, // prettier-ignore
    };
  });
}
