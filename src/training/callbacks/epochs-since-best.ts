import type { EpochRow, Score } from "../../rows";

/** The scores of an epoch by which training may stop. */
export type StoppingRow = Pick<EpochRow, "epoch"> & Readonly<Record<string, number | null>>;

/** The score that decides, and what counts as an improvement of it. */
export interface Stopping {
  readonly score: Score;
  readonly minDelta: number;
}

/** How many epochs ago the score improved last; 0 where the last one is the best. A score that is not finite is none. */
export function epochsSinceBest(rows: readonly StoppingRow[], { score: by, minDelta }: Stopping): number {
  const sign = by.better === "higher" ? 1 : -1;
  let best = -Infinity;
  let at = 0;
  rows.forEach((row, index) => {
    const score = sign * (row[by.column] ?? Number.NaN);
    if (!(score > best + (best === -Infinity ? 0 : minDelta))) return;
    best = score;
    at = index;
  });
  return Math.max(0, rows.length - 1 - at);
}
