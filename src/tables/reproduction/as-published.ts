import { summarise } from "../../statistics";
import type { PublishedRow } from "../papers/published-row";
import { bestRow, numberIn, numbersIn, type ResultRow } from "./result-row";

/** Our number for a published one, found the way the paper found it. */
export interface OwnNumber {
  readonly value: number;
  /** Standard deviation over seeds of the baseline, which a single amplified run shares; null for one run. */
  readonly spread: number | null;
}

/**
 * Our number for a published one: the mean over the originals' seeds, or the best of the ratios or thresholds by test
 * accuracy, as the papers report it, and its gain over that mean.
 *
 * @returns null where nothing that was run answers it
 */
export function asPublished(row: PublishedRow, results: readonly ResultRow[]): OwnNumber | null {
  const [, base = row.quantity, derived = null] = /^(.+?)(Improvement|Overhead)$/.exec(row.quantity) ?? [];
  const column = columnOf(row, base);
  if (column === null) return null;
  const near = (rate: number | null) =>
    row.learningRate === null || (rate !== null && Math.abs(rate / row.learningRate - 1) < 1e-6);
  const alike = results.filter(
    ({ dataset, model, learningRate, part }) =>
      dataset === row.dataset &&
      model === row.model &&
      near(learningRate) &&
      (part === "time") === (base === "minutes"),
  );
  const originals = summarise(
    numbersIn(
      alike.filter(({ method, part }) => method === "original" && !["longer", "calibration"].includes(part)),
      column,
    ),
  );
  if (row.method === "original") {
    return originals.mean === null ? null : { value: originals.mean, spread: originals.deviation };
  }
  const candidates = alike.filter((result) => result.part !== "rerun" && answers(row, result));
  const value =
    base === "minutes"
      ? summarise(numbersIn(candidates, column)).mean
      : numberOf(bestRow(candidates, "testAccuracy"), column);
  if (value === null) return null;
  if (derived === null) return { value, spread: null };
  if (originals.mean === null) return null;
  if (derived === "Overhead") return { value: value / originals.mean - 1, spread: null };
  return { value: value - originals.mean, spread: originals.deviation };
}

const numberOf = (row: ResultRow | null, column: string) => (row === null ? null : numberIn(row, column));

/** The column of our results that holds a quantity; null for one that is in none. */
function columnOf({ paper }: PublishedRow, quantity: string): string | null {
  if (quantity === "accuracy") return null;
  // The test accuracy of the VGG38 study is that of the weights with the best validation accuracy.
  if (paper === "vgp" && quantity === "testAccuracy") return "bestTestAccuracy";
  return quantity;
}

/** Whether a trial of ours is one of those that a published number is the best of. */
function answers(row: PublishedRow, { method, group, params, strategy }: ResultRow): boolean {
  if (method !== row.method) return false;
  if (row.group !== null && row.group !== (group?.endsWith("-bn-of-block") ? "one-bn-per-block" : group)) return false;
  if (row.params === null) return true;
  return row.params.endsWith("_xx") ? strategy === row.params : params === row.params;
}
