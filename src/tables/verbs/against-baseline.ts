import { BASELINE_KINDS } from "./compare-with-baseline";
import { checkOptions, checkTable, text } from "../../options";
import { type ColumnTable, table } from "arquero";

import { summarise } from "../../statistics";
import { columnValues } from "./column-values";
import { type BaselineOptions, baselineRows } from "./compare-with-baseline";

/** Options of `ga.table.againstBaseline`. */
export interface AgainstBaselineOptions extends BaselineOptions {
  /** The column that is compared. Default: "testAccuracy". */
  value?: string;
}

/**
 * Adds what figures of sweeps draw: `accuracy`, of which `quantity` it is, and the mean `baseline` of the original models with its
 * `baselineDeviation`. The originals' own rows are left out, and rows whose accuracy is missing.
 *
 * @param results one row a run, as `ga.sweepResults` gives
 * @param options Any of `AgainstBaselineOptions`; none is needed.
 * @throws {RangeError} for a column that the table lacks, and if the baseline of one context differs in more than its
 *   seeds
 * @example
 * import * as ga from "gradamp";
 * import { table } from "arquero";
 *
 * const results = table({ model: ["a", "a", "a"], method: ["original", "original", "amplified"], testAccuracy: [0.9, 0.92, 0.93] });
 * console.log(ga.table.againstBaseline(results).objects());
 */
export function againstBaseline(results: ColumnTable, options: AgainstBaselineOptions = {}): ColumnTable {
  checkOptions("table.againstBaseline", options, { ...BASELINE_KINDS, value: text });
  const { value = "testAccuracy", ...rest } = options;
  checkTable(results);
  const names = results.columnNames();
  const { keys, isBaseline, isLike } = baselineRows(results, value, rest);
  const accuracy = columnValues(results, value) as (number | null)[];
  const originals = new Map<string, number[]>();
  // A baseline that diverged has no accuracy to take a mean with.
  const diverged = new Map<string, number>();
  keys.forEach((key, row) => {
    const own = accuracy[row];
    if (isBaseline[row] && typeof own !== "number") return;
    if (isBaseline[row] && !Number.isFinite(own)) diverged.set(key, (diverged.get(key) ?? 0) + 1);
    else if (isBaseline[row]) originals.set(key, [...(originals.get(key) ?? []), own as number]);
  });
  const kept = keys.flatMap((_, row) => (isLike[row] || typeof accuracy[row] !== "number" ? [] : [row]));
  const baselines = new Map([...originals].map(([key, values]) => [key, summarise(values)]));
  const of = (row: number) => baselines.get(keys[row] ?? "");
  return table({
    ...Object.fromEntries(
      names.map((name) => {
        const values = columnValues(results, name);
        return [name, kept.map((row) => values[row])];
      }),
    ),
    accuracy: kept.map((row) => accuracy[row]),
    quantity: kept.map(() => value),
    baseline: kept.map((row) => of(row)?.mean ?? null),
    baselineDeviation: kept.map((row) => of(row)?.deviation ?? null),
    ...(diverged.size > 0 ? { baselineLeftOut: kept.map((row) => diverged.get(keys[row] ?? "") ?? 0) } : {}),
  });
}
