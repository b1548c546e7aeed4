import { BASELINE_KINDS } from "./compare-with-baseline";
import { checkOptions, checkTable, share, texts } from "../../options";
import { type ColumnTable, table } from "arquero";

import { pairedDifference, type SeedValue } from "../../statistics";
import { NUMERIC_SETTINGS } from "../../statistics/one-setting";
import { columnValues, rowKeys } from "./column-values";
import type { BaselineOptions } from "./compare-with-baseline";
import { overSeeds } from "./over-seeds";

/** Options of `ga.table.pairedImprovement`. */
export interface PairedImprovementOptions extends BaselineOptions {
  /** The columns to compare. Default: `["testAccuracy"]`. */
  values?: readonly string[];
  /** The columns that make rows seeds of the same setting. Default: all columns but run, seed and those of numbers, and settings that are numbers: threshold, learningRate, …. */
  settings?: readonly string[];
  /** How often the intervals cover the true means. Default: 0.95. */
  confidence?: number;
}

/**
 * Averages over seeds, as `overSeeds`, and says how far each setting lies above its baseline, seed by seed.
 *
 * To each value come its mean over the setting's runs with `…Deviation` and `…Interval`, and from the pairs of runs with
 * the same seed the mean difference `…Improvement`, half the width of its confidence interval `…ImprovementInterval`, and
 * `…PValue` (paired t test). Printed: 93.30 ± 0.12 [± 0.30] (+2.22 [± 0.40]). `pairs` counts the seeds that both have.
 * The baseline's own rows, and values without two pairs, have null. Values that are missing or NaN are left out.
 *
 * @param input one row a run, with `seed` and the columns that `baseline` names
 * @param options Any of `PairedImprovementOptions`; none is needed.
 * @throws {RangeError} for a column that the table lacks, and if a setting has two runs of one seed
 * @example
 * import * as ga from "gradamp";
 * import { table } from "arquero";
 *
 * const runs = table({
 *   model: ["a", "a", "a", "a"], method: ["original", "original", "G", "G"], seed: [1, 2, 1, 2],
 *   testAccuracy: [0.91, 0.9, 0.92, 0.912],
 * });
 * console.log(ga.table.toText(ga.table.pairedImprovement(runs)));
 */
export function pairedImprovement(input: ColumnTable, options: PairedImprovementOptions = {}): ColumnTable {
  checkOptions("table.pairedImprovement", options, {
    ...BASELINE_KINDS,
    values: texts,
    settings: texts,
    confidence: share,
  });
  const { values = ["testAccuracy"], baseline = { method: "original" }, confidence = 0.95 } = options;
  checkTable(input);
  const names = input.columnNames();
  const by = options.by ?? ["dataset", "model"].filter((name) => names.includes(name));
  const isNumber = (name: string) => columnValues(input, name).some((value) => typeof value === "number");
  const settings =
    options.settings ??
    names.filter(
      (name) =>
        name !== "run" && name !== "seed" && !values.includes(name) && (NUMERIC_SETTINGS.has(name) || !isNumber(name)),
    );

  const conditions = Object.entries(baseline).map(([name, wanted]) => ({ of: columnValues(input, name), wanted }));
  const isBaseline = (row: number) => conditions.every(({ of, wanted }) => (of[row] ?? null) === wanted);
  const seeds = columnValues(input, "seed") as number[];
  const groups = new Map<string, number[]>();
  const settingOf = rowKeys(input, settings);
  const contextOf = rowKeys(input, by);
  const baselines = new Map<string, number[]>();
  settingOf.forEach((key, row) => {
    groups.set(key, [...(groups.get(key) ?? []), row]);
    const context = contextOf[row] ?? "";
    if (isBaseline(row)) baselines.set(context, [...(baselines.get(context) ?? []), row]);
  });

  const averaged = overSeeds(input, { by: settings, values, confidence });
  const columns = Object.fromEntries(averaged.columnNames().map((name) => [name, columnValues(averaged, name)]));
  const pairs = [...groups.values()].map(() => 0);
  for (const name of values) {
    const of = columnValues(input, name);
    const measured = (rows: readonly number[]): SeedValue[] =>
      rows.flatMap((row) => {
        const value = of[row];
        return typeof value === "number" && Number.isFinite(value) ? [{ seed: seeds[row] ?? NaN, value }] : [];
      });
    const differences = [...groups.values()].map((rows, group) => {
      const first = rows[0] ?? 0;
      const base = baselines.get(contextOf[first] ?? "");
      if (base === undefined || isBaseline(first)) return null;
      const difference = pairedDifference(measured(rows), measured(base), { confidence });
      pairs[group] = Math.max(pairs[group] ?? 0, difference.n);
      return difference;
    });
    columns[`${name}Improvement`] = differences.map((d) => d?.mean ?? null);
    columns[`${name}ImprovementInterval`] = differences.map((d) =>
      d === null || d.low === null || d.high === null ? null : (d.high - d.low) / 2,
    );
    columns[`${name}PValue`] = differences.map((d) => d?.pValue ?? null);
  }
  return table({ ...columns, pairs });
}
