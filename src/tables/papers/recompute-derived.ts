import type { PaperCheck, PublishedRow } from "./published-row";

/**
 * Recomputes each improvement and each overhead that stands in a paper's table from the accuracies and times beside it.
 *
 * A printed number agrees where it lies in the interval that the rounding of the raw numbers and its own leaves open.
 */
export function recomputeDerived(rows: readonly PublishedRow[]): PaperCheck[] {
  const checks: PaperCheck[] = [];
  for (const row of rows) {
    const [, quantity, kind] = /^(.+)(Improvement|Overhead)$/.exec(row.quantity) ?? [];
    if (quantity === undefined || !row.source.startsWith("table")) continue;
    const own = rows.find((other) => other.source === row.source && other.quantity === quantity);
    const baseline = rows.find(
      (other) =>
        other.method === "original" &&
        other.paper === row.paper &&
        other.dataset === row.dataset &&
        other.model === row.model &&
        other.quantity === quantity,
    );
    if (own === undefined || baseline === undefined) continue;
    const gain = (a: number, b: number) => (kind === "Improvement" ? a - b : a / b - 1);
    const value = gain(own.value, baseline.value);
    const low = gain(own.value - own.resolution, baseline.value + baseline.resolution) - row.resolution;
    const high = gain(own.value + own.resolution, baseline.value - baseline.resolution) + row.resolution;
    checks.push({
      paper: row.paper,
      source: row.source,
      claim: `${row.model}, ${row.dataset}: ${row.quantity} from ${own.printed} and ${baseline.printed}`,
      printed: `${row.printed} %`,
      recomputed: `${(value * 100).toFixed(2)} %`,
      agrees: row.value >= low - 1e-9 && row.value <= high + 1e-9,
    });
  }
  return checks;
}
