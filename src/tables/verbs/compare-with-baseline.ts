import { anything, byName, checkTable, type KindsOf, texts } from "../../options";
import type { ColumnTable } from "arquero";

import { checkOneSetting } from "../../statistics";
import { isSetting } from "../../statistics/one-setting";
import { columnValues, rowKeys } from "./column-values";

/** Which rows are the baseline, and which of them each other row is compared with. */
export interface BaselineOptions {
  /** Which rows are the baseline, as column and value. Default: `{ method: "original" }`. */
  baseline?: Record<string, unknown>;
  /** The columns in which a row and its baseline agree. Default: those of `["dataset", "model"]` that the table has. */
  by?: readonly string[];
}

/** What each of these may be. */
export const BASELINE_KINDS: KindsOf<BaselineOptions> = { baseline: byName(anything, "values"), by: texts };

/** Parts of the papers' protocols whose originals are trained otherwise than what amplified models are compared with. */
const OTHER_PARTS = new Set<unknown>(["longer", "calibration", "control"]);

/**
 * Which rows are the baseline of a column, and which are like it but of another part of a protocol.
 *
 * @param table The table to write.
 * @throws {RangeError} if the baseline of one context differs in more than its seeds
 */
export function baselineRows(
  table: ColumnTable,
  column: string,
  { baseline = { method: "original" }, by }: BaselineOptions,
): { keys: string[]; isBaseline: boolean[]; isLike: boolean[] } {
  checkTable(table);
  const names = table.columnNames();
  const context = by ?? ["dataset", "model"].filter((name) => names.includes(name));
  const keys = rowKeys(table, context);
  const conditions = Object.entries(baseline).map(([name, wanted]) => ({ values: columnValues(table, name), wanted }));
  const parts = names.includes("part") && !Object.hasOwn(baseline, "part") ? columnValues(table, "part") : [];
  const isLike = keys.map((_, row) => conditions.every(({ values, wanted }) => (values[row] ?? null) === wanted));
  const isBaseline = isLike.map((like, row) => like && !OTHER_PARTS.has(parts[row]));
  const measured = columnValues(table, column);
  const settings = names.filter((name) => isSetting(name) && !context.includes(name));
  const columns = settings.map((name) => [name, columnValues(table, name)] as const);
  const groups = new Map<string, object[]>();
  keys.forEach((key, row) => {
    // What has not run yet does not know all of its settings.
    if (!isBaseline[row] || typeof measured[row] !== "number") return;
    const own = Object.fromEntries(columns.map(([name, values]) => [name, values[row] ?? null]));
    groups.set(key, [...(groups.get(key) ?? []), own]);
  });
  for (const [key, rows] of groups) checkOneSetting(rows, `baseline runs of ${key}`);
  return { keys, isBaseline, isLike };
}

/**
 * For each row the mean of its baseline rows; null for the baseline itself and where there is none.
 *
 * @param table The table to write.
 * @param options See `BaselineOptions`.
 * @throws {RangeError} if the baseline of one context differs in more than its seeds
 */
export function compareWithBaseline(table: ColumnTable, column: string, options: BaselineOptions): (number | null)[] {
  const { keys, isBaseline } = baselineRows(table, column, options);
  const values = columnValues(table, column);

  const sums = new Map<string, { sum: number; count: number }>();
  keys.forEach((key, row) => {
    const value = values[row];
    if (!isBaseline[row] || typeof value !== "number") return;
    const { sum, count } = sums.get(key) ?? { sum: 0, count: 0 };
    sums.set(key, { sum: sum + value, count: count + 1 });
  });
  return keys.map((key, row) => {
    const found = sums.get(key);
    return isBaseline[row] || found === undefined ? null : found.sum / found.count;
  });
}
