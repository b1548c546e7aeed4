import { checkTable } from "../../options";
import type { ColumnTable } from "arquero";

import type { Paper } from "../../experiments";
import { chooseSetting } from "./choose-setting";
import { epochRuleOf } from "./epoch-rule";
import { isFresh, isOriginal, type ResultRow, resultRows, settingOf } from "./result-row";

/**
 * The runs whose settings are to be run with fresh seeds (`ga.rerunTrials`), once everything was tried: of each method on
 * each network the best by validation accuracy, or by test accuracy where nothing was held out; those that have fresh seeds
 * already are left out.
 *
 * @param results what `ga.sweepResults` gives
 * @param paper "ga" or "iga".
 * @throws {RangeError} for a table that lacks a column
 * @example
 * import { mkdtempSync } from "node:fs";
 * import * as ga from "gradamp";
 *
 * const sweep = new ga.Sweep(mkdtempSync("/tmp/sweep-"), { trials: ga.reproductionTrials("ga") });
 * console.log(ga.table.settingsToConfirm(ga.sweepResults(sweep), "ga")); // [], before anything was trained
 */
export function settingsToConfirm(results: ColumnTable, paper: Paper): string[] {
  checkTable(results);
  return runsToConfirm(resultRows(results), paper);
}

/** The same on plain rows. */
export function runsToConfirm(rows: readonly ResultRow[], paper: Paper): string[] {
  const rule = epochRuleOf(paper);
  const confirmed = new Set(rows.filter(isFresh).map(settingOf));
  const groups = new Map<string, ResultRow[]>();
  for (const row of rows) {
    if (isFresh(row) || isOriginal(row) || ["time", "calibration", "longer"].includes(row.part)) continue;
    const key = JSON.stringify([row.dataset, row.model, row.method, row["reselect"] ?? null]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap((group) => {
    const chosen = chooseSetting(group, rule)?.chosen;
    return chosen === undefined || confirmed.has(settingOf(chosen)) ? [] : [chosen.run];
  });
}
