import { tolerance } from "../verbs/tolerance";
import { checkOptions, checkTable, oneOf } from "../../options";
import { type ColumnTable, table } from "arquero";

import {
  type BestOfOptions,
  chanceOfGain,
  judgeDifference,
  judgeNumber,
  summariseDifference,
  type Verdict,
} from "../../statistics";
import type { PublishedRow } from "../papers/published-row";
import { allowedAround, inUnit, kindOf, type Tolerance } from "../verbs/tolerance";
import { asPublished, type OwnNumber } from "./as-published";
import { checkOneReading } from "./check-one-reading";
import { correctionsOf } from "./corrections";
import { type ResultRow, resultRows } from "./result-row";

/** Options of `ga.table.reproductionCells`. */
export interface ReproductionCellsOptions {
  /** How far from a published number is still the same. Default: those of `Tolerance`. */
  tolerance?: Tolerance;
  /**
   * How much of the protocol was run. "paper": every cell is judged. "short": only gains over a baseline of
   * the same size are, since a smaller network on fewer images has other accuracies; "demo": none.
   * Default: "paper".
   */
  scale?: "demo" | "short" | "paper";
}

/**
 * Every cell of a paper's tables with our number beside it, and what became of it.
 *
 * Our numbers are found the way the paper found its own: the mean of the originals' seeds, the best of ratios or
 * thresholds *by test accuracy*, at the last epoch or at the best one as the paper has it. They are judged by
 * `ga.statistics.VERDICT_RULES`: a mean by its whole 95 % interval, a gain by the paired difference, over fresh seeds,
 * of the setting that is best by validation (by test accuracy where nothing was held out) from the originals of the
 * same seeds, Holm-corrected together with the orders of `reproductionClaims`; the best of several runs is not judged
 * itself.
 *
 * | column | |
 * |---|---|
 * | those of `ga.published` | |
 * | oursPrinted, differencePrinted | ours, and ours − published, in the paper's unit and decimals |
 * | ours, difference, oursSpread | the same as numbers; the deviation over seeds |
 * | oursLast, oursBest | ours at the last epoch, and at the best one by validation; `ours` is one of them |
 * | runs, low, high, allowed | of a mean: over how many seeds, its 95 % interval, and how far from the published value
 * it may lie |
 * | tries, chance | of a best: of how many different runs, and how likely chance alone gives such a gain |
 * | fresh, freshLow, freshHigh, freshPrinted, pairs, pValue | of a gain: the paired difference over fresh seeds, its
 * corrected interval and p value |
 * | status, why | reproduced, refuted, inconclusive or not run, and what decided |
 *
 * @param results what `ga.sweepResults` gives
 * @param published what `ga.published` gives
 * @param options Any of `ReproductionCellsOptions`; none is needed.
 * @throws {RangeError} for a table that lacks a column, and for results under more than one weight decay or scope
 * @example
 * import { mkdtempSync } from "node:fs";
 * import * as ga from "gradamp";
 *
 * const sweep = new ga.Sweep(mkdtempSync("/tmp/sweep-"), { trials: ga.reproductionTrials("vgp") });
 * const cells = ga.table.reproductionCells(ga.sweepResults(sweep), ga.published("vgp"), { scale: "short" });
 * console.log(cells.array("status")[0]); // "not run"
 */
export function reproductionCells(
  results: ColumnTable,
  published: ColumnTable,
  options: ReproductionCellsOptions = {},
): ColumnTable {
  checkOptions("table.reproductionCells", options, { tolerance, scale: oneOf("demo", "short", "paper") });
  checkTable(results);
  checkTable(published);
  const printed = published.objects({ limit: Infinity }) as PublishedRow[];
  const rows = resultRows(results);
  const judged = judgeCells(rows, printed, options);
  const cells = judged.map(({ luck, ...cell }) => ({
    ...cell,
    chance: luck === null || cell.ours === null ? null : chanceOfGain(cell.ours, luck),
  }));
  const own = Object.keys(cells[0] ?? {}) as (keyof (typeof cells)[number])[];
  const theirs = published.columnNames();
  return table({
    ...Object.fromEntries(theirs.map((name) => [name, printed.map((row) => row[name as keyof PublishedRow])])),
    ...Object.fromEntries(own.map((name) => [name, cells.map((cell) => cell[name])])),
  });
}

/** What `reproductionCells` adds to a published number. */
export interface JudgedCell {
  readonly oursPrinted: string | null;
  readonly differencePrinted: string | null;
  readonly ours: number | null;
  readonly difference: number | null;
  readonly oursSpread: number | null;
  readonly oursLast: number | null;
  readonly oursBest: number | null;
  readonly runs: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly allowed: number | null;
  readonly tries: number | null;
  readonly luck: BestOfOptions | null;
  readonly fresh: number | null;
  readonly freshLow: number | null;
  readonly freshHigh: number | null;
  readonly freshPrinted: string | null;
  readonly pairs: number | null;
  readonly pValue: number | null;
  readonly status: Verdict;
  readonly why: string;
}

/** The same on plain rows. */
export function judgeCells(
  rows: readonly ResultRow[],
  cells: readonly PublishedRow[],
  { scale = "paper", tolerance = {} }: ReproductionCellsOptions = {},
): JudgedCell[] {
  checkOneReading(rows);
  const numbers = cells.map((cell) => asPublished(cell, rows));
  const correctionOf = correctionsOf(rows, cells);
  return cells.map((cell, at) => {
    const number = numbers[at] ?? null;
    const print = (value: number | null) => (value === null ? null : inUnit(value, cell.unit, cell.resolution));
    const { adjusted, confidence } = correctionOf(cell.quantity.replace(/Improvement$/, ""), number?.fresh ?? null);
    const fresh = number?.fresh ? { ...number.fresh, ...summariseDifference(number.fresh, confidence) } : null;
    const [status, why] = judge(cell, number, fresh, { scale, tolerance });
    const judged = number !== null && (scale === "paper" || (scale === "short" && kindOf(cell.quantity) === "difference")); // prettier-ignore
    const difference = judged ? number.value - cell.value : null;
    const span = fresh === null || fresh.low === null || fresh.high === null ? "" : ` [${print(fresh.low)}, ${print(fresh.high)}]`; // prettier-ignore
    return {
      oursPrinted: print(number?.value ?? null),
      differencePrinted: print(difference),
      ours: number?.value ?? null,
      difference,
      oursSpread: number?.spread ?? null,
      oursLast: number?.last ?? null,
      oursBest: number?.best ?? null,
      runs: number?.runs ?? null,
      low: number?.low ?? null,
      high: number?.high ?? null,
      allowed: judged && kindOf(cell.quantity, tolerance) !== "difference" ? allowedAround(cell, tolerance) : null,
      tries: number?.tries ?? null,
      luck: number?.luck ?? null,
      fresh: fresh?.mean ?? null,
      freshLow: fresh?.low ?? null,
      freshHigh: fresh?.high ?? null,
      freshPrinted: fresh === null || fresh.mean === null ? null : `${print(fresh.mean)}${span}`,
      pairs: fresh?.n ?? null,
      pValue: adjusted,
      status,
      why,
    };
  });
}

function judge(
  cell: PublishedRow,
  number: OwnNumber | null,
  fresh: { n: number; diverged: number; low: number | null; high: number | null } | null,
  { scale, tolerance }: { scale: "demo" | "short" | "paper"; tolerance: Tolerance },
): [Verdict, string] {
  if (number === null) return ["not run", "nothing that was run answers it"];
  const kind = kindOf(cell.quantity, tolerance);
  if (kind === "none") return ["not run", "times tell of the machine"];
  if (scale === "demo") return ["not run", "a demonstration judges nothing"];
  if (kind === "difference") {
    if (fresh === null) return ["inconclusive", `the best of ${number.tries} against a mean; the chosen setting has no fresh seeds`]; // prettier-ignore
    if (fresh.diverged > 0) return ["inconclusive", `${fresh.diverged} of the runs with fresh seeds diverged`];
    if (fresh.n < 2) return ["inconclusive", "one pair of fresh seeds has no interval"];
    return [judgeDifference(fresh, cell.value), `paired difference over ${fresh.n} fresh seeds`];
  }
  if (scale === "short") return ["not run", "a smaller network on fewer images has other accuracies"];
  const allowed = allowedAround(cell, tolerance);
  if (kind === "count") {
    const same = Math.abs(number.value - cell.value) <= allowed;
    return [same ? "reproduced" : "refuted", "a count does not scatter"];
  }
  if (number.tries > 1 || cell.statistic?.startsWith("best")) {
    const what = cell.statistic?.startsWith("best") ? "the published number is a best" : `ours is the best of ${number.tries}`; // prettier-ignore
    return ["inconclusive", `${what}, of another number of tries`];
  }
  if (number.low === null) return ["inconclusive", number.runs < 2 ? "one run has no interval" : "a run diverged"];
  return [judgeNumber(number, { value: cell.value, allowed }), `95 % interval over ${number.runs} seeds`];
}
