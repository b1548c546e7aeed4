import { table, type ColumnTable } from "arquero";

import { columnValues, rowKeys } from "./column-values";

/** How much a number of ours may differ from a published one and still reproduce it, by kind of quantity. */
export interface Tolerance {
  /** Accuracies, as fractions.  Default: 0.01, one percentage point. */
  accuracy?: number;
  /** Improvements over the baseline, as fractions.  Default: 0.005, half a percentage point. */
  improvement?: number;
  /** Losses, relative to the published one.  Default: 0.1. */
  loss?: number;
  /** Overheads of time, as fractions.  Default: 0.02. */
  overhead?: number;
  /** Minutes and seconds.  Default (null): never compared, since they tell more of the machine than of the method. */
  time?: number | null;
  /** Numbers of parameters.  Default: 0, the same up to the rounding of what is printed. */
  parameters?: number;
}

export interface BesidePublishedOptions {
  /** The columns in which ours and the published number agree.  Default: those of dataset, model, method, group, params, learningRate and quantity that both tables have. */
  by?: readonly string[];
  /** See `Tolerance`. */
  tolerance?: Tolerance;
}

/** What became of a published number. */
export type Status = "reproduced" | "refuted" | "not run";

const identity = ["dataset", "model", "method", "group", "params", "learningRate", "quantity"];

/**
 * Puts our numbers beside the published ones: one row for each published number, in their order.
 *
 * Both are tables of one row a number: `ga.published(…)` and `asNumbers(…)` of ours.  To the published columns come
 * `oursPrinted` and `differencePrinted` (ours − published) in the paper's unit and decimals, the same as numbers in `ours`
 * and `difference`, `oursSpread`, `allowed` and `status`:
 *
 * - "not run" where we have no number, or one of a kind that is not compared;
 * - "reproduced" where |difference| ≤ allowed, which is the largest of the published ± value, our own deviation over seeds
 *   and the tolerance, plus what the rounding of the print may hide;
 * - "refuted" otherwise, also where ours is better, and where ours is NaN or infinite.
 *
 * @throws RangeError for a column that a table lacks, and where two of our rows match one number: average them first.
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
  const has = (of: ColumnTable, name: string) => of.columnNames().includes(name);
  const by = options.by ?? identity.filter((name) => has(ours, name) && has(published, name));
  const optional = (of: ColumnTable, name: string) => (has(of, name) ? columnValues(of, name) : []);

  const found = new Map<string, { value: unknown; spread: unknown }>();
  const values = columnValues(ours, "value");
  const spreads = optional(ours, "spread");
  rowKeys(ours, by).forEach((key, i) => {
    if (found.has(key))
      throw new RangeError(`Expected one number of ours for ${key} but found two: average them first`);
    found.set(key, { value: values[i], spread: spreads[i] });
  });

  const columns = Object.fromEntries(published.columnNames().map((name) => [name, columnValues(published, name)]));
  const quantities = columnValues(published, "quantity") as string[];
  const theirs = columnValues(published, "value") as number[];
  const theirSpread = optional(published, "spread");
  const resolution = optional(published, "resolution");
  const rows = rowKeys(published, by).map((key, i) => {
    const { value, spread } = found.get(key) ?? { value: null, spread: null };
    const their = theirs[i] ?? NaN;
    const kind = toleranceOf(quantities[i] ?? "", their, options.tolerance ?? {});
    if (typeof value !== "number" || kind === null) {
      return {
        ours: numberOrNull(value),
        oursSpread: null,
        difference: null,
        allowed: null,
        status: "not run" as Status,
      };
    }
    const difference = value - their;
    const slack = Math.max(numberOrNull(theirSpread[i]) ?? 0, numberOrNull(spread) ?? 0, kind);
    // Subtracting decimals leaves crumbs; a difference of exactly the tolerance still reproduces.
    const allowed = slack + (numberOrNull(resolution[i]) ?? 0) + 1e-9 * Math.abs(their);
    const status: Status = Math.abs(difference) <= allowed ? "reproduced" : "refuted";
    return { ours: value, oursSpread: numberOrNull(spread), difference, allowed, status };
  });
  const units = optional(published, "unit");
  const printed = (value: number | null, i: number) =>
    value === null ? null : inUnit(value, units[i], numberOrNull(resolution[i]));
  columns["oursPrinted"] = rows.map((row, i) => printed(row.ours, i));
  columns["differencePrinted"] = rows.map((row, i) => printed(row.difference, i));
  for (const name of ["ours", "oursSpread", "difference", "allowed", "status"] as const) {
    columns[name] = rows.map((row) => row[name]);
  }
  return table(columns);
}

/** Null where such a quantity is not compared. */
function toleranceOf(quantity: string, published: number, tolerance: Tolerance): number | null {
  const { accuracy = 0.01, improvement = 0.005, loss = 0.1, overhead = 0.02, time = null, parameters = 0 } = tolerance;
  if (/Improvement$/.test(quantity)) return improvement;
  if (/Overhead$/.test(quantity)) return overhead;
  if (/accuracy$/i.test(quantity)) return accuracy;
  if (/loss$/i.test(quantity)) return loss * Math.abs(published);
  if (quantity === "parameters") return parameters;
  return time;
}

/** In the paper's unit, with as many decimals as it prints. */
function inUnit(value: number, unit: unknown, resolution: number | null): string {
  const factor = unit === "percent" ? 100 : 1;
  const decimals = resolution === null ? 4 : Math.max(0, Math.round(-Math.log10(2 * resolution * factor)));
  return (value * factor).toFixed(decimals);
}

const numberOrNull = (value: unknown) => (typeof value === "number" ? value : null);
