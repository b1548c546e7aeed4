import { type ColumnTable, table } from "arquero";

import { checkOptions, checkTable, text } from "../../options";
import type { PublishedRow } from "../papers/published-row";
import type { ResultRow } from "../reproduction/result-row";
import { againstBaseline } from "../verbs/against-baseline";

/** Options of `ga.table.publishedGains`. */
export interface PublishedGainsOptions {
  /** The data set whose published numbers are meant. Default: "cifar-10". */
  dataset?: string;
}

/**
 * For each network and method that a paper prints test accuracies of: its gain over the paper's own original, and ours
 * found the same way, the best of all settings by test accuracy. `ga.table.chosenByValidation` says what of it to believe.
 *
 * | column | |
 * |---|---|
 * | model, method | which network, amplified how |
 * | publishedGain | the paper's gain, a fraction; printed in points |
 * | bestGain | ours; null where it was not run |
 * | tried | how many runs it is the best of |
 * | verdict | "gains, too", "did not come out" or "not run" |
 *
 * Networks of which `results` has no run are left out.
 *
 * @param results what `ga.sweepResults` gives
 * @param published what `ga.published` gives
 * @param options Any of `PublishedGainsOptions`; none is needed.
 * @throws {TypeError} for what is no table
 * @throws {RangeError} for a table that lacks a column
 * @example
 * import { table } from "arquero";
 * import * as ga from "gradamp";
 *
 * const results = table({ model: ["VGG-19", "VGG-19"], method: ["original", "G case 1"], part: ["baseline", "params1"], testAccuracy: [0.91, 0.9] });
 * const gains = ga.table.publishedGains(results, ga.published("iga"));
 * console.log(gains.filter((d: { method: string }) => d.method === "G case 1").get("verdict", 0)); // "did not come out"
 */
export function publishedGains(
  results: ColumnTable,
  published: ColumnTable,
  options: PublishedGainsOptions = {},
): ColumnTable {
  checkOptions("table.publishedGains", options, { dataset: text });
  checkTable(results);
  checkTable(published);
  const { dataset = "cifar-10" } = options;
  const own = (againstBaseline(results).objects({ limit: Infinity }) as (ResultRow & Compared)[]).filter(
    ({ part, baseline }) => part !== "rerun" && part !== "time" && baseline !== null,
  );
  const printed = (published.objects({ limit: Infinity }) as PublishedRow[]).filter(
    (row) => row.dataset === dataset && row.quantity === "testAccuracy",
  );
  const originals = new Map(
    printed.filter(({ method }) => method === "original").map(({ model, value }) => [model, value]),
  );
  const networks = new Set(own.map(({ model }) => model));
  const rows = printed.flatMap(({ model, method, value }) => {
    const original = originals.get(model);
    if (method === "original" || original === undefined || !networks.has(model)) return [];
    const gains = own
      .filter((row) => row.model === model && row.method === method)
      .map(({ accuracy, baseline }) => accuracy - (baseline ?? NaN));
    const best = gains.length > 0 ? Math.max(...gains) : null;
    const verdict = best === null ? "not run" : best > 0 ? "gains, too" : "did not come out";
    return [{ model, method, publishedGain: value - original, bestGain: best, tried: gains.length, verdict }];
  });
  const names = ["model", "method", "publishedGain", "bestGain", "tried", "verdict"] as const;
  return table(Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])])));
}

interface Compared {
  readonly accuracy: number;
  readonly baseline: number | null;
}
