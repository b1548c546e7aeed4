import { BASELINE_KINDS } from "../verbs/compare-with-baseline";
import { checkOptions, checkTable, oneOf } from "../../options";
import { type ColumnTable, table } from "arquero";

import { bestOfByChance, chanceOfGain, checkOneSetting, holm, pairedDifference, summarise, summariseDifference } from "../../statistics"; // prettier-ignore
import { freshRuns, seedValues } from "./as-published";
import { chooseSetting } from "./choose-setting";
import { type EpochRule, numberAt } from "./epoch-rule";
import { countDifferent, isFresh, type ResultRow, resultRows } from "./result-row";

/** Options of `ga.table.chosenByValidation`. */
export interface ChosenByValidationOptions {
  /** Which rows are the baseline, as column and value. Default: `{ method: "original" }`. */
  baseline?: Record<string, unknown>;
  /** Within which settings are compared. Default: `["dataset", "model", "method"]`. */
  by?: readonly string[];
  /**
   * What is chosen by, and reported: the last epoch's accuracies, or those of the best epoch by validation. Default:
   * the last.
   */
  at?: EpochRule;
}

/**
 * What a reader should believe of a sweep: in each group the setting that is best by *validation* accuracy, what it
 * reaches when it is run again with fresh seeds, and its paired difference from the baseline with the same seeds; and
 * beside it what choosing by test accuracy, as the papers do, would report, and how much of that chance alone gives.
 *
 * The run that the choice was made by does not enter the mean of what was chosen: it is too good by the luck it was
 * chosen for. Where nothing was held out, the choice is by test accuracy and `chosenBy` says so.
 *
 * | column | |
 * |---|---|
 * | candidates | different runs to choose from; settings that train the same count once |
 * | chosen, chosenBy, runs | the setting, what it was chosen by, and with how many fresh seeds it was run |
 * | baseline, baselineInterval | the baseline's mean test accuracy, half the width of its 95 % interval |
 * | testAccuracy, testAccuracyInterval | of the chosen setting, over its fresh seeds; null where it has none |
 * | testAccuracyImprovement, …Interval, …PValue | the mean difference of runs with the same seed; interval and p value
 * Holm-corrected over the table |
 * | verdict | "gains", "loses", or "inconclusive" where the interval holds both signs or there is none |
 * | bestGain | the best candidate by test accuracy − the baseline's mean: what the papers would report |
 * | chanceGain | what the best of as many candidates without any effect gains on average
 * (`ga.statistics.bestOfByChance`) |
 * | chance | how likely chance alone gives a gain as large as `bestGain` |
 *
 * Groups without a baseline, or without accuracies, are left out.
 *
 * @param results what `ga.sweepResults` gives
 * @param options Any of `ChosenByValidationOptions`; none is needed.
 * @throws {RangeError} for a table that lacks a column, and for baselines that differ in more than their seeds
 * @example
 * import { mkdtempSync } from "node:fs";
 * import * as ga from "gradamp";
 *
 * const sweep = new ga.Sweep(mkdtempSync("/tmp/sweep-"), { trials: ga.reproductionTrials("ga") });
 * console.log(ga.table.chosenByValidation(ga.sweepResults(sweep)).numRows()); // 0, before anything was trained
 */
export function chosenByValidation(results: ColumnTable, options: ChosenByValidationOptions = {}): ColumnTable {
  checkOptions("table.chosenByValidation", options, { ...BASELINE_KINDS, at: oneOf("last", "best") });
  checkTable(results);
  const { baseline = { method: "original" }, by = ["dataset", "model", "method"], at = "last" } = options;
  const rows = resultRows(results).filter(({ part }) => !["longer", "calibration", "time"].includes(part));
  const isBaseline = (row: ResultRow) => Object.entries(baseline).every(([name, value]) => row[name] === value);
  // What the baseline is told by does not tell its group.
  const shared = by.filter((name) => !Object.hasOwn(baseline, name));
  const keyOf = (row: ResultRow, names: readonly string[]) => JSON.stringify(names.map((name) => row[name] ?? null));
  const groups = new Map<string, ResultRow[]>();
  for (const row of rows.filter((one) => !isBaseline(one)))
    groups.set(keyOf(row, by), [...(groups.get(keyOf(row, by)) ?? []), row]);
  const valueOf = (row: ResultRow) => numberAt(row, "testAccuracy", at);

  const found = [...groups.values()].flatMap((group) => {
    const candidates = group.filter((row) => !isFresh(row));
    const choice = chooseSetting(candidates, at);
    if (choice === null) return [];
    const { chosen } = choice;
    const originals = rows.filter((row) => isBaseline(row) && keyOf(row, shared) === keyOf(chosen, shared));
    checkOneSetting(originals.filter((row) => valueOf(row) !== null), `baseline runs of ${chosen.model}`); // prettier-ignore
    const base = summarise(seedValues(originals, valueOf).map(({ value }) => value));
    if (base.mean === null) return [];
    const fresh = seedValues(freshRuns(group, at) ?? [], valueOf);
    const own = summarise(fresh.map(({ value }) => value));
    const tested = candidates.flatMap((row) => valueOf(row) ?? []);
    const tries = countDifferent(candidates.filter((row) => valueOf(row) !== null));
    const bestGain = tested.length > 0 ? Math.max(...tested) - base.mean : null;
    const luck = { trials: Math.max(1, tries), deviation: base.deviation ?? 0, baselineRuns: base.n };
    const known = base.deviation !== null && bestGain !== null;
    return [
      {
        row: {
          ...Object.fromEntries(by.map((name) => [name, chosen[name]])),
          candidates: choice.tries,
          chosen: chosen.run,
          chosenBy: choice.by,
          runs: own.n,
          baseline: base.mean,
          baselineInterval: half(base),
          testAccuracy: own.mean,
          testAccuracyInterval: half(own),
          bestGain,
          chanceGain: known ? bestOfByChance(luck).expected : null,
          chance: known ? chanceOfGain(bestGain, luck) : null,
        },
        difference: pairedDifference(fresh, seedValues(originals, valueOf)),
      },
    ];
  });
  const corrected = holm(found.map(({ difference }) => difference.pValue));
  const judged = found.map(({ row, difference: raw }, group) => {
    const { adjusted = null, confidence = 0.95 } = corrected[group] ?? {};
    const difference = summariseDifference(raw, confidence);
    const { low, high } = difference;
    const verdict = low === null || high === null || (low <= 0 && high >= 0) ? "inconclusive" : low > 0 ? "gains" : "loses"; // prettier-ignore
    return {
      ...row,
      testAccuracyImprovement: difference.mean,
      testAccuracyImprovementInterval: half(difference),
      testAccuracyImprovementPValue: adjusted,
      verdict,
    };
  });
  const columns = [...by, "candidates", "chosen", "chosenBy", "runs", "baseline", "baselineInterval", "testAccuracy", "testAccuracyInterval", "testAccuracyImprovement", "testAccuracyImprovementInterval", "testAccuracyImprovementPValue", "verdict", "bestGain", "chanceGain", "chance"]; // prettier-ignore
  return table(
    Object.fromEntries(columns.map((name) => [name, judged.map((row) => row[name as keyof typeof row] ?? null)])),
  );
}

const half = ({ low, high }: { low: number | null; high: number | null }) =>
  low === null || high === null ? null : (high - low) / 2;
