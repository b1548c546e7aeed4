import type { Comparison } from "./compare";
import type { Machine } from "./machine";
import type { NetworkName } from "./networks";
import type { BenchOptions } from "./parse-options";
import type { Peak } from "./peak";
import type { CostRow, LeftOut, Row } from "./row";

/** All that is known when everything, or a part, has been measured. */
export interface Results {
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  /** Engines, and the matrix products alone as an engine called `products`. */
  readonly rows: readonly Row[];
  /** Floating-point operations of a step's matrix products, by network. */
  readonly flops: Readonly<Partial<Record<NetworkName, number>>>;
  readonly peak: Peak | null;
  readonly costs: readonly CostRow[];
  readonly comparisons: readonly Comparison[];
  readonly leftOut: readonly LeftOut[];
}

/** What {@link resultsJson} wrote. */
export type WrittenResults = Results & { readonly products: readonly Row[] };

/** The results as `--json` writes them: what is no engine apart, and with what settings they were measured. */
export function resultsJson(results: Results, options: BenchOptions): string {
  const { json: _json, help: _help, ...settings } = options;
  const content = {
    machine: results.machine,
    versions: results.versions,
    settings,
    rows: results.rows.filter(({ engine }) => engine !== "products"),
    products: results.rows.filter(({ engine }) => engine === "products"),
    ...{ flops: results.flops, peak: results.peak, costs: results.costs },
    ...{ comparisons: results.comparisons, leftOut: results.leftOut },
  };
  return `${JSON.stringify(content, null, 1)}\n`;
}
