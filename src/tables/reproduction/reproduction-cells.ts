import { type ColumnTable, table } from "arquero";

import type { PublishedRow } from "../papers/published-row";
import { type BesidePublishedOptions, besidePublished, type Status } from "../verbs/beside-published";
import { columnValues } from "../verbs/column-values";
import { asPublished } from "./as-published";
import { resultRows } from "./result-row";

export interface ReproductionCellsOptions extends Pick<BesidePublishedOptions, "tolerance"> {
  /**
   * How much of the protocol was run.  "paper" (default): every cell is judged.  "short": only gains over a baseline of
   * the same size are, since a smaller network on fewer images has other accuracies; "demo": none.
   */
  scale?: "demo" | "short" | "paper";
}

/**
 * Every cell of a paper's tables with our number beside it, and what became of it: reproduced, refuted or not run.
 *
 * Our numbers are found the way the paper found its own: the mean of the originals' seeds, the best of ratios or
 * thresholds *by test accuracy*.  What that is worth `chosenByValidation` says.  The columns are those of
 * `ga.table.besidePublished`; a number of ours that is not judged stands there all the same.
 *
 * @param results what `ga.sweepResults` gives
 * @param published what `ga.published` gives
 * @throws RangeError for a table that lacks a column
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
  const { scale = "paper", ...rest } = options;
  const rows = resultRows(results);
  const cells = published.objects({ limit: Infinity }) as PublishedRow[];
  const numbers = cells.map((cell) => asPublished(cell, rows));
  // A cell of its own for each published number, though some are printed twice.
  const withCell = table({ ...columnsOf(published), cell: cells.map((_, at) => at) });
  const ours = table({
    cell: cells.map((_, at) => at),
    value: numbers.map((number) => number?.value ?? null),
    spread: numbers.map((number) => number?.spread ?? null),
  });
  const beside = besidePublished(ours, withCell, { by: ["cell"], ...rest });
  const judged = (quantity: string) =>
    scale === "paper" || (scale === "short" && /(Improvement|Overhead)$/.test(quantity));
  const quantities = columnValues(beside, "quantity") as string[];
  const only = (name: string, otherwise: unknown) =>
    columnValues(beside, name).map((value, at) => (judged(quantities[at] ?? "") ? value : otherwise));
  const { cell: _, ...columns } = columnsOf(beside);
  return table({
    ...columns,
    differencePrinted: only("differencePrinted", null),
    difference: only("difference", null),
    allowed: only("allowed", null),
    status: only("status", "not run" satisfies Status),
  });
}

const columnsOf = (of: ColumnTable) =>
  Object.fromEntries(of.columnNames().map((name) => [name, columnValues(of, name)]));
