import type { EpochRow } from "./row-types";

/** The epoch that did best on the validation split. */
export interface BestEpoch {
  readonly epoch: number;
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
}

/**
 * The epoch with the highest validation accuracy, the earliest of equal ones; where there are no classes, with the lowest
 * validation loss; null where nothing was validated.
 */
export function bestEpoch(rows: readonly EpochRow[]): BestEpoch | null {
  const score = ({ validationAccuracy, validationLoss }: EpochRow) =>
    validationAccuracy ?? (validationLoss === null ? NaN : -validationLoss);
  let best: EpochRow | null = null;
  for (const row of rows) {
    if (Number.isFinite(score(row)) && (best === null || score(row) > score(best))) best = row;
  }
  if (best === null) return null;
  const { epoch, validationLoss, validationAccuracy } = best;
  return { epoch, validationLoss, validationAccuracy };
}
