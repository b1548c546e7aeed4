import { checkOptions, checkTable, orNull, share, texts } from "../../options";
import { op, table, type ColumnTable } from "arquero";

import { summarise } from "../../statistics";
import { NUMERIC_SETTINGS } from "../../statistics/one-setting";
import { columnValues, rowKeys } from "./column-values";

/** Options of `ga.table.overSeeds`. */
export interface OverSeedsOptions {
  /**
   * The columns that make rows runs of the same thing. Default: all columns but run, seed and those of numbers, and
   * settings that are numbers: threshold, learningRate, ampFactor, ….
   */
  by?: readonly string[];
  /** The columns to average. Default: all columns of numbers but seed and those in `by`. */
  values?: readonly string[];
  /** With 0.95, the half width of the 95 % confidence interval for each mean in `…Interval`. Default: null, none. */
  confidence?: number | null;
}

/**
 * Averages over seeds: one row for each combination of the `by` columns, with each value's mean, its sample standard
 * deviation (n − 1) in `…Deviation`, rendered as 31.35 ± 0.45, and the number of rows in `runs`.
 *
 * Missing values and those that are not finite, as of a run that diverged, are left out, and `…LeftOut` says how many,
 * where there are any; a mean of none is null, a deviation of fewer than two too. A column whose values
 * are equal within every group (parameters, learning rate) keeps its value and gets no deviation.
 *
 * @param options Any of `OverSeedsOptions`; none is needed.
 * @param input A table of results with a row a run.
 * @throws {RangeError} for a column that the table lacks, and for a confidence outside (0, 1)
 * @example
 * import * as ga from "gradamp";
 * import { table } from "arquero";
 *
 * const runs = table({ model: ["VGG08", "VGG08", "VGG38"], seed: [1, 2, 1], testAccuracy: [0.46, 0.48, 0.01] });
 * console.log(ga.table.toText(ga.table.overSeeds(runs)));
 */
export function overSeeds(input: ColumnTable, options: OverSeedsOptions = {}): ColumnTable {
  checkOptions("table.overSeeds", options, { by: texts, values: texts, confidence: orNull(share) });
  const { confidence = null } = options;
  checkTable(input);
  const names = input.columnNames();
  const isRow = (name: string) => name === "run" || name === "seed";
  const isNumber = (name: string) => columnValues(input, name).some((value) => typeof value === "number");
  const by = options.by ?? names.filter((name) => !isRow(name) && (NUMERIC_SETTINGS.has(name) || !isNumber(name)));
  const values = options.values ?? names.filter((name) => !isRow(name) && !by.includes(name) && isNumber(name));

  // arquero's mean and stdev pass over null and undefined but not over NaN and infinities.
  const clean = Object.fromEntries([
    ...by.map((name) => [name, columnValues(input, name)]),
    ...values.map((name) => [name, columnValues(input, name).map(finiteOrNull)]),
  ]) as Record<string, unknown[]>;
  const averaged = table(clean)
    .groupby(...by)
    .rollup({
      runs: op.count(),
      ...Object.fromEntries(
        values.flatMap((name) => [
          [`mean ${name}`, op.mean(name)],
          [`deviation ${name}`, op.stdev(name)],
          [`valid ${name}`, op.valid(name)],
        ]),
      ),
    });

  const keys = rowKeys(input, by);
  const columns: Record<string, unknown[]> = {};
  for (const name of by) columns[name] = columnValues(averaged, name);
  columns["runs"] = columnValues(averaged, "runs");
  for (const name of values) {
    const valid = columnValues(averaged, `valid ${name}`) as number[];
    const deviation = columnValues(averaged, `deviation ${name}`) as number[];
    columns[name] = columnValues(averaged, `mean ${name}`).map((mean, i) => ((valid[i] ?? 0) > 0 ? mean : null));
    const leftOut = (columns["runs"] as number[]).map((runs, i) => runs - (valid[i] ?? 0));
    const varies = deviation.some((value, i) => (valid[i] ?? 0) > 1 && value > 0);
    if (varies) columns[`${name}Deviation`] = deviation.map((value, i) => ((valid[i] ?? 0) > 1 ? value : null));
    if (leftOut.some((count) => count > 0)) columns[`${name}LeftOut`] = leftOut;
    if (varies && confidence !== null) columns[`${name}Interval`] = halfWidths(clean[name] ?? [], keys, confidence);
  }
  return table(columns);
}

const finiteOrNull = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : null);

/** Half the width of each group's interval, groups in the order of their first rows, as arquero's. */
function halfWidths(values: readonly unknown[], keys: readonly string[], confidence: number): (number | null)[] {
  const groups = new Map<string, number[]>();
  keys.forEach((key, row) => {
    const value = values[row];
    const group = groups.get(key) ?? [];
    if (typeof value === "number" && Number.isFinite(value)) group.push(value);
    groups.set(key, group);
  });
  return [...groups.values()].map((group) => {
    const { low, high } = summarise(group, { confidence });
    return low === null || high === null ? null : (high - low) / 2;
  });
}
