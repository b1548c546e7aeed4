import type { EpochRow } from "./row-types";

/** The epoch that did best on the validation split. */
export interface BestEpoch {
  readonly epoch: number;
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
  /** The metric that it was chosen by, and those of the test split under its weights. */
  readonly [metric: string]: number | null;
}

/** A column of the epoch rows by which epochs can be compared, and which of two values is the better one. */
export interface Score {
  readonly column: string;
  readonly better: "higher" | "lower";
}

/** A loss or an accuracy among the columns of the epoch rows. */
export type ScoreColumn = `${"train" | "validation" | "test"}${"Loss" | "Accuracy"}`;

/** The score that a column is whose name tells: losses are better when lower, what else there is when higher. */
const named = (column: string): Score => ({ column, better: column.endsWith("Loss") ? "lower" : "higher" });

/**
 * The row that is best by a score: the highest accuracy or the lowest loss, the earliest of equal ones; what is not finite
 * is never the best. Null where no row has a value.
 */
export function bestBy(rows: readonly EpochRow[], by: ScoreColumn | Score): EpochRow | null {
  const { column, better } = typeof by === "string" ? named(by) : by;
  const sign = better === "higher" ? 1 : -1;
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
 *
 * @param score by which it is chosen instead
 */
export function bestEpoch(rows: readonly EpochRow[], score: Score | null = null): BestEpoch | null {
  const hasClasses = rows.some(({ validationAccuracy }) => typeof validationAccuracy === "number");
  const best = bestBy(rows, score ?? (hasClasses ? "validationAccuracy" : "validationLoss"));
  if (best === null) return null;
  const { epoch, validationLoss, validationAccuracy } = best;
  return {
    epoch,
    validationLoss,
    validationAccuracy,
    ...(score ? { [score.column]: best[score.column] ?? null } : {}),
  };
}
