import { type ColumnTable, table } from "arquero";

import { bestOfByChance, chanceOfGain, pairedDifference, selectOnValidation, summarise } from "../../statistics";
import { numberIn, numbersIn, type ResultRow, resultRows } from "./result-row";

export interface ChosenByValidationOptions {
  /** Which rows are the baseline, as column and value.  Default: `{ method: "original" }`. */
  baseline?: Record<string, unknown>;
  /** Within which settings are compared.  Default: `["dataset", "model"]`. */
  by?: readonly string[];
  /** What is chosen by, and reported: the last epoch's accuracies (default), or those of the best epoch by validation. */
  at?: "last" | "best";
}

/**
 * What a reader should believe of a sweep: in each group the setting that is best by *validation* accuracy, its test
 * accuracy over seeds, and its paired difference from the baseline with the same seeds; and beside it what choosing by
 * test accuracy, as the papers do, would report, and how much of that chance alone gives.
 *
 * | column | |
 * |---|---|
 * | candidates | different runs to choose from; settings that amplify the same layers count once |
 * | chosen, runs | the setting, and its seeds |
 * | baseline, baselineInterval | the baseline's mean test accuracy, half the width of its 95 % interval |
 * | testAccuracy, testAccuracyInterval | of the chosen setting |
 * | testAccuracyImprovement, …Interval, …PValue | the mean difference of runs with the same seed |
 * | bestGain | the best candidate by test accuracy − the baseline's mean: what the papers would report |
 * | chanceGain | what the best of as many candidates without any effect gains on average (`ga.statistics.bestOfByChance`) |
 * | chance | how likely chance alone gives a gain as large as `bestGain` |
 *
 * Groups without a baseline, or without validation accuracies, are left out.
 *
 * @param results what `ga.sweepResults` gives
 * @throws RangeError for a table that lacks a column
 * @example
 * import { mkdtempSync } from "node:fs";
 * import * as ga from "gradamp";
 *
 * const sweep = new ga.Sweep(mkdtempSync("/tmp/sweep-"), { trials: ga.reproductionTrials("ga") });
 * console.log(ga.table.chosenByValidation(ga.sweepResults(sweep)).numRows()); // 0, before anything was trained
 */
export function chosenByValidation(results: ColumnTable, options: ChosenByValidationOptions = {}): ColumnTable {
  const { baseline = { method: "original" }, by = ["dataset", "model"], at = "last" } = options;
  const [validation, test] =
    at === "last" ? ["validationAccuracy", "testAccuracy"] : ["bestValidationAccuracy", "bestTestAccuracy"];
  const groups = new Map<string, ResultRow[]>();
  for (const row of resultRows(results)) {
    const key = JSON.stringify(by.map((name) => row[name]));
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const isBaseline = (row: ResultRow) => Object.entries(baseline).every(([name, value]) => row[name] === value);
  const rows = [...groups.values()].flatMap((group) => {
    const originals = group.filter((row) => isBaseline(row) && !["longer", "calibration", "time"].includes(row.part));
    const others = group.filter((row) => !isBaseline(row) && numberIn(row, validation) !== null);
    const candidates = others.filter(({ part }) => part !== "rerun");
    const base = summarise(numbersIn(originals, test));
    if (candidates.length === 0 || base.mean === null) return [];

    const { runs: best } = selectOnValidation(candidates, {
      validation: (row) => numberIn(row, validation) ?? NaN,
      test: (row) => numberIn(row, test) ?? 0,
    });
    const chosen = best[0];
    if (!chosen) return [];
    const seeds = [
      chosen,
      ...others.filter((row) => row.part === "rerun" && row.run.startsWith(`${chosen.run}-rerun-`)),
    ];
    const own = summarise(numbersIn(seeds, test));
    const bySeed = (list: readonly ResultRow[]) =>
      list.flatMap((row) => {
        const value = numberIn(row, test);
        return value === null ? [] : [{ seed: row.seed, value }];
      });
    const difference = pairedDifference(bySeed(seeds), bySeed(originals));
    const different = new Set(candidates.map(({ folder, run }) => folder ?? run)).size;
    const tested = numbersIn(candidates, test);
    const bestGain = tested.length > 0 ? Math.max(...tested) - base.mean : null;
    const luck = { trials: different, deviation: base.deviation ?? 0, baselineRuns: base.n };
    const known = base.deviation !== null;
    return [
      {
        ...Object.fromEntries(by.map((name) => [name, chosen[name]])),
        candidates: different,
        chosen: chosen.run,
        runs: own.n,
        baseline: base.mean,
        baselineInterval: half(base),
        testAccuracy: own.mean,
        testAccuracyInterval: half(own),
        testAccuracyImprovement: difference.mean,
        testAccuracyImprovementInterval: half(difference),
        testAccuracyImprovementPValue: difference.pValue,
        bestGain,
        chanceGain: known ? bestOfByChance(luck).expected : null,
        chance: known && bestGain !== null ? chanceOfGain(bestGain, luck) : null,
      },
    ];
  });
  const columns = [...by, "candidates", "chosen", "runs", "baseline", "baselineInterval", "testAccuracy", "testAccuracyInterval", "testAccuracyImprovement", "testAccuracyImprovementInterval", "testAccuracyImprovementPValue", "bestGain", "chanceGain", "chance"]; // prettier-ignore
  return table(
    Object.fromEntries(columns.map((name) => [name, rows.map((row) => row[name as keyof typeof row] ?? null)])),
  );
}

const half = ({ low, high }: { low: number | null; high: number | null }) =>
  low === null || high === null ? null : (high - low) / 2;
