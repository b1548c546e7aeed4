import type { ColumnTable } from "arquero";

import { checkTable } from "../../options";

/**
 * What `ga.table.chosenByValidation` says of one group, as sentences: the gain that choosing by test accuracy reports, what
 * chance alone gives, and what is left when the choice is made by validation.
 *
 * @param chosen A table of `ga.table.chosenByValidation`; its first row is told.
 * @returns four lines
 * @throws {TypeError} for what is no table
 * @throws {RangeError} for a table without rows, or of another kind
 * @example
 * import { table } from "arquero";
 * import * as ga from "gradamp";
 *
 * const chosen = table({
 *   candidates: [9], bestGain: [0.02], chanceGain: [0.012], chance: [0.1], runs: [5], testAccuracyImprovement: [0.003],
 *   testAccuracyImprovementPValue: [0.4], verdict: ["inconclusive"],
 * });
 * console.log(ga.table.choiceInWords(chosen));
 */
export function choiceInWords(chosen: ColumnTable): string {
  checkTable(chosen);
  const names = chosen.columnNames();
  const missing = ["candidates", "bestGain", "chanceGain", "chance", "runs", "testAccuracyImprovement", "testAccuracyImprovementPValue"].find((name) => !names.includes(name)); // prettier-ignore
  if (missing !== undefined)
    throw new RangeError(`Expected a column ${missing} but found ${names.join(", ") || "none"}: pass what ga.table.chosenByValidation gives`); // prettier-ignore
  if (chosen.numRows() === 0) throw new RangeError("Expected a row but found none: nothing was chosen");
  const [row] = chosen.objects({ limit: 1 }) as Record<string, number | null>[];
  const points = (value: number | null | undefined) =>
    typeof value === "number" && Number.isFinite(value) ? `${value >= 0 ? "+" : "−"}${Math.abs(100 * value).toFixed(2)} points` : "an unknown gain"; // prettier-ignore
  const probability = (value: number | null | undefined) => (typeof value === "number" ? value.toFixed(2) : "unknown");
  const { testAccuracyImprovement: gain = null, testAccuracyImprovementPValue: pValue = null } = row ?? {};
  const isMore = pValue !== null && gain !== null && pValue < 0.05 && gain > 0;
  return [
    `Best of ${row?.["candidates"]} by test accuracy: ${points(row?.["bestGain"])}.`,
    `The best of as many without any effect: ${points(row?.["chanceGain"])} on average; chance gives what came out here with probability ${probability(row?.["chance"])}.`,
    `Chosen by validation: ${points(gain)} over ${row?.["runs"]} fresh seeds, p = ${probability(pValue)}:`,
    isMore ? "more than chance would give." : "no gain that can be told from chance.",
  ].join("\n");
}
