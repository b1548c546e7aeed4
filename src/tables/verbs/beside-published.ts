import { tolerance as toleranceKind } from "./tolerance";
import { checkOptions, checkTable, texts } from "../../options";
import { table, type ColumnTable } from "arquero";

import { holm, judgeDifference, judgeNumber, type Verdict } from "../../statistics";
import { columnValues, rowKeys } from "./column-values";
import { allowedAround, inUnit, kindOf, type Tolerance } from "./tolerance";

/** Options of `ga.table.besidePublished`. */
export interface BesidePublishedOptions {
  /** The columns in which ours and the published number agree. Default: those of dataset, model, method, group, params, learningRate and quantity that both tables have. */
  by?: readonly string[];
  /** How far from a published number is still the same. Default: those of `Tolerance`. */
  tolerance?: Tolerance;
}

const identity = ["dataset", "model", "method", "group", "params", "learningRate", "quantity"];

/**
 * Puts our numbers beside the published ones: one row for each published number, in their order.
 *
 * Both are tables of one row a number: `ga.published(…)` and `asNumbers(…)` of ours. To the published columns come
 * `oursPrinted` and `differencePrinted` (ours − published) in the paper's unit and decimals, the same as numbers in `ours`
 * and `difference`, `oursSpread`, `oursInterval` (half the width of its 95 % interval), `allowed` and `status`
 * (`ga.statistics.VERDICT_RULES`):
 *
 * - "not run" where we have no number, or one of a kind that is not compared;
 * - "reproduced" where our whole interval lies inside published ± its spread ± the tolerance ± the rounding of the print;
 *   for a gain, where its p value, Holm-corrected over the table, is below 0.05 and its sign is the published one;
 * - "refuted" where the interval lies wholly outside, or a gain is as certain with the other sign;
 * - "inconclusive" otherwise, also where ours has no interval, as one run has none: average over seeds with
 *   `overSeeds(…, { confidence: 0.95 })` or `pairedImprovement` first.
 *
 * A number of parameters does not scatter and is compared as it is.
 *
 * @param ours Our numbers, one a row: what `asNumbers` gives.
 * @param published What `ga.published` gives.
 * @param options Any of `BesidePublishedOptions`; none is needed.
 * @throws {RangeError} for a column that a table lacks, and if two of our rows match one number: average them first
 * @example
 * import * as ga from "gradamp";
 * import { table } from "arquero";
 *
 * const ours = table({ dataset: ["cifar-100"], model: ["VGG08"], method: ["original"], learningRate: [1e-3], trainLoss: [1.76] });
 * const beside = ga.table.besidePublished(ga.table.asNumbers(ours), ga.published("vgp"));
 * console.log(ga.table.toText(beside, { columns: ["model", "quantity", "printed", "oursPrinted", "status"] }));
 */
export function besidePublished(
  ours: ColumnTable,
  published: ColumnTable,
  options: BesidePublishedOptions = {},
): ColumnTable {
  checkOptions("table.besidePublished", options, { by: texts, tolerance: toleranceKind });
  checkTable(ours);
  checkTable(published);
  const has = (of: ColumnTable, name: string) => of.columnNames().includes(name);
  const by = options.by ?? identity.filter((name) => has(ours, name) && has(published, name));
  const optional = (of: ColumnTable, name: string) => (has(of, name) ? columnValues(of, name) : []);

  const found = new Map<string, Record<"value" | "spread" | "interval" | "pValue", unknown>>();
  const values = columnValues(ours, "value");
  const [spreads, intervals, pValues] = ["spread", "interval", "pValue"].map((name) => optional(ours, name));
  rowKeys(ours, by).forEach((key, i) => {
    if (found.has(key))
      throw new RangeError(`Expected one number of ours for ${key} but found two: average them first`);
    found.set(key, { value: values[i], spread: spreads?.[i], interval: intervals?.[i], pValue: pValues?.[i] });
  });

  const columns = Object.fromEntries(published.columnNames().map((name) => [name, columnValues(published, name)]));
  const quantities = columnValues(published, "quantity") as string[];
  const theirs = columnValues(published, "value") as number[];
  const theirSpread = optional(published, "spread");
  const resolution = optional(published, "resolution");
  const { tolerance = {} } = options;
  const matched = rowKeys(published, by).map((key) => found.get(key));
  const corrected = holm(
    matched.map((own, i) =>
      kindOf(quantities[i] ?? "") === "difference" && typeof own?.value === "number" ? numberOrNull(own.pValue) : null,
    ),
  );
  const rows = matched.map((own, i) => {
    const [value, interval] = [own?.value ?? null, numberOrNull(own?.interval)];
    const quantity = quantities[i] ?? "";
    const kind = kindOf(quantity, tolerance);
    const rest = { ours: numberOrNull(value), oursInterval: interval };
    if (typeof value !== "number" || kind === "none") {
      return { ...rest, oursSpread: null, difference: null, allowed: null, status: "not run" as Verdict };
    }
    const their = theirs[i] ?? NaN;
    const cell = {
      quantity,
      value: their,
      spread: numberOrNull(theirSpread[i]),
      resolution: numberOrNull(resolution[i]),
    };
    const allowed = kind === "difference" ? null : allowedAround(cell, tolerance);
    const ends = interval === null ? { low: null, high: null } : { low: value - interval, high: value + interval };
    const adjusted = corrected[i]?.adjusted ?? null;
    const sure = { low: value, high: value };
    const status: Verdict =
      kind === "count"
        ? judgeNumber(sure, { value: their, allowed: allowed ?? 0 })
        : kind === "number"
          ? judgeNumber(ends, { value: their, allowed: allowed ?? 0 })
          : adjusted !== null && adjusted < 0.05
            ? judgeDifference(sure, their)
            : "inconclusive";
    return { ...rest, oursSpread: numberOrNull(own?.spread), difference: value - their, allowed, status };
  });
  const units = optional(published, "unit");
  const printed = (value: number | null, i: number) =>
    value === null ? null : inUnit(value, units[i], numberOrNull(resolution[i]));
  columns["oursPrinted"] = rows.map((row, i) => printed(row.ours, i));
  columns["differencePrinted"] = rows.map((row, i) => printed(row.difference, i));
  for (const name of ["ours", "oursSpread", "oursInterval", "difference", "allowed", "status"] as const) {
    columns[name] = rows.map((row) => row[name]);
  }
  return table(columns);
}

const numberOrNull = (value: unknown) => (typeof value === "number" ? value : null);
