import type { EpochRow } from "./row-types";

/** The epoch that did best on the validation split. */
export interface BestEpoch {
  readonly epoch: number;
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
}

/** A column of the epoch rows by which epochs can be compared. */
export type ScoreColumn = Extract<keyof EpochRow, `${string}Loss` | `${string}Accuracy`>;

/**
 * The row that is best by a column: the highest accuracy or the lowest loss, the earliest of equal ones; what is not finite
 * is never the best. Null where no row has a value.
 */
export function bestBy(rows: readonly EpochRow[], column: ScoreColumn): EpochRow | null {
  const sign = column.endsWith("Accuracy") ? 1 : -1;
  let best: EpochRow | null = null;
  let most = -Infinity;
  for (const row of rows) {
    const score = sign * (row[column] ?? NaN);
    if (!Number.isFinite(score) || (best !== null && score <= most)) continue;
    best = row;
    most = score;
  }
  return best;
}

/**
 * The epoch with the highest validation accuracy, the earliest of equal ones; where there are no classes, with the lowest
 * validation loss; null where nothing was validated.
 */
export function bestEpoch(rows: readonly EpochRow[]): BestEpoch | null {
  const hasClasses = rows.some(({ validationAccuracy }) => typeof validationAccuracy === "number");
  const best = bestBy(rows, hasClasses ? "validationAccuracy" : "validationLoss");
  if (best === null) return null;
  const { epoch, validationLoss, validationAccuracy } = best;
  return { epoch, validationLoss, validationAccuracy };
}
