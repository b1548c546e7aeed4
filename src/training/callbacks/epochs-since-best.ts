import type { EpochRow } from "../../rows";
import type { FilledEarlyStopping } from "../../spec";

/** The scores of an epoch by which training may stop. */
export type StoppingRow = Pick<EpochRow, "epoch" | FilledEarlyStopping["on"]>;

/** How many epochs ago the score improved last; 0 where the last one is the best. A score that is not finite is none. */
export function epochsSinceBest(rows: readonly StoppingRow[], { on, minDelta }: FilledEarlyStopping): number {
  const sign = on.endsWith("Accuracy") ? 1 : -1;
  let best = -Infinity;
  let at = 0;
  rows.forEach((row, index) => {
    const score = sign * (row[on] ?? Number.NaN);
    if (!(score > best + (best === -Infinity ? 0 : minDelta))) return;
    best = score;
    at = index;
  });
  return Math.max(0, rows.length - 1 - at);
}
