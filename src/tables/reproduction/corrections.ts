import { holm, type HolmResult, type PairedDifference } from "../../statistics";
import type { PublishedRow } from "../papers/published-row";
import { asPublished } from "./as-published";
import { comparisonsOf } from "./comparisons";
import type { ResultRow } from "./result-row";

/** How far a question's interval is corrected; one that was not asked is not. */
export type CorrectionOf = (quantity: string, difference: PairedDifference | null) => HolmResult;

const made = new WeakMap<readonly ResultRow[], { published: readonly PublishedRow[]; correctionOf: CorrectionOf }>();

/**
 * Holm's correction over everything that is asked of a paper's results at once: the gains of its cells, the orders of its
 * claims, and the controls. What is asked twice of the same runs, as a gain in a table and again in the text, counts once.
 */
export function correctionsOf(rows: readonly ResultRow[], published: readonly PublishedRow[]): CorrectionOf {
  const before = made.get(rows);
  if (before?.published === published) return before.correctionOf;
  const questions = new Map<string, number>();
  const ask = (quantity: string, difference: PairedDifference | null) => {
    const pValue = difference?.pValue ?? null;
    if (difference !== null && pValue !== null) questions.set(keyOf(quantity, difference), pValue);
  };
  for (const cell of published)
    if (/Improvement$/.test(cell.quantity))
      ask(cell.quantity.replace(/Improvement$/, ""), asPublished(cell, rows)?.fresh ?? null);
  for (const { quantity, difference } of comparisonsOf(rows, published)) ask(quantity, difference);
  const corrected = holm([...questions.values()]);
  const byQuestion = new Map([...questions.keys()].map((key, at) => [key, corrected[at]!]));
  const correctionOf: CorrectionOf = (quantity, difference) =>
    (difference === null ? undefined : byQuestion.get(keyOf(quantity, difference))) ?? { adjusted: null, confidence: 0.95 }; // prettier-ignore
  made.set(rows, { published, correctionOf });
  return correctionOf;
}

/** The same numbers are the same runs, whichever of two is said to be above. */
const keyOf = (quantity: string, { n, mean, deviation }: PairedDifference) =>
  JSON.stringify([quantity, n, Math.abs(mean ?? NaN), deviation]);
