import { type EpochRule, numberAt } from "./epoch-rule";
import { countDifferent, type ResultRow } from "./result-row";

/** What was chosen among settings that were tried once each. */
export interface Choice {
  readonly chosen: ResultRow;
  /** What it was chosen by: test accuracy only where nothing was held out. */
  readonly by: "validation" | "test";
  /** How many really different runs there were to choose from. */
  readonly tries: number;
}

/**
 * The best of settings that were tried once each: by validation accuracy, or by test accuracy where none has a validation
 * accuracy; the first of equal ones. Its own run is too good by the luck it was chosen for and enters no mean.
 */
export function chooseSetting(tried: readonly ResultRow[], rule: EpochRule): Choice | null {
  const by = tried.some((row) => numberAt(row, "validationAccuracy", rule) !== null) ? "validation" : "test";
  const valueOf = (row: ResultRow) => numberAt(row, `${by}Accuracy`, rule);
  let chosen: ResultRow | null = null;
  for (const row of tried) {
    const value = valueOf(row);
    if (value !== null && (chosen === null || value > (valueOf(chosen) ?? -Infinity))) chosen = row;
  }
  return chosen === null ? null : { chosen, by, tries: countDifferent(tried.filter((row) => valueOf(row) !== null)) };
}
