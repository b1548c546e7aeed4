import type { ColumnTable } from "arquero";

/** A trial's row in `ga.sweepResults`, as far as a reproduction looks at it. */
export interface ResultRow {
  readonly run: string;
  readonly dataset: string;
  readonly model: string;
  readonly method: string;
  readonly group: string | null;
  readonly params: string | null;
  readonly strategy: string | null;
  readonly part: string;
  readonly seed: number;
  /** Trials that amplify the same layers throughout share it. */
  readonly folder: string | null;
  readonly learningRate: number | null;
  readonly minutes: number | null;
  readonly [column: string]: unknown;
}

/**
 * The rows of a table of results.
 *
 * @throws RangeError for a table that lacks a column.
 */
export function resultRows(results: ColumnTable): ResultRow[] {
  const names = results.columnNames();
  const needed = ["run", "dataset", "model", "method", "group", "params", "strategy", "part", "seed", "folder"];
  const lacking = needed.filter((name) => !names.includes(name));
  if (lacking.length > 0) {
    throw new RangeError(
      `Expected a table with ${lacking.join(", ")} but found ${names.join(", ")}: pass what ga.sweepResults gives`,
    );
  }
  return results.objects({ limit: Infinity }) as ResultRow[];
}

/** A row's number in a column; null where it has none. */
export function numberIn(row: ResultRow, column: string): number | null {
  const value = row[column];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** Every number that rows have in a column. */
export function numbersIn(rows: readonly ResultRow[], column: string): number[] {
  return rows.flatMap((row) => numberIn(row, column) ?? []);
}

/** The row with the highest number in a column, the first of equal ones; null where none has one. */
export function bestRow(rows: readonly ResultRow[], column: string): ResultRow | null {
  let best: ResultRow | null = null;
  for (const row of rows) {
    const value = numberIn(row, column);
    if (value !== null && (best === null || value > (numberIn(best, column) ?? -Infinity))) best = row;
  }
  return best;
}
