import { numberIn, type ResultRow } from "./result-row";

/**
 * Of which epoch a paper's numbers are: 2020 and 2023 evaluate a model when its stages are over (Algorithm 1) and report
 * that; the VGG38 study keeps the weights of the epoch with the best validation accuracy.
 */
export const EPOCH_RULE = { ga: "last", iga: "last", vgp: "best", coursework: "best" } as const;
export type EpochRule = "last" | "best";

export const epochRuleOf = (paper: string): EpochRule => EPOCH_RULE[paper as keyof typeof EPOCH_RULE] ?? "last";

/** A quantity's column: `testAccuracy` at the last epoch, `bestTestAccuracy` at the best one by validation. */
export function columnAt(quantity: string, rule: EpochRule): string {
  if (rule === "last") return quantity;
  const known = atBest.get(quantity);
  if (known !== undefined) return known;
  const column = /(Accuracy|Loss)$/.test(quantity) ? `best${quantity.charAt(0).toUpperCase()}${quantity.slice(1)}` : quantity; // prettier-ignore
  atBest.set(quantity, column);
  return column;
}
const atBest = new Map<string, string>();

/** A row's number by a paper's rule; a table without columns of the best epoch has one epoch's numbers only. */
export function numberAt(row: ResultRow, quantity: string, rule: EpochRule): number | null {
  const column = columnAt(quantity, rule);
  return column in row ? numberIn(row, column) : numberIn(row, quantity);
}
