import { type ResultRow } from "./result-row";

/** The open points of the papers: each of their readings is a reproduction of its own. */
const READINGS = [
  "scope",
  "weightDecay",
  "momentum",
  "augmented",
  "width",
  "batchSize",
  "split",
  "directionality",
] as const;

const OTHERS = new Set(["calibration", "control"]);
const CONTROLS = new Set(["tuned", "raised rate"]);

/**
 * Refuses results under several readings of a paper, which would be mixed as if they were seeds.
 *
 * @throws {RangeError} if there are several readings; the message names the column and its values
 */
export function checkOneReading(rows: readonly ResultRow[]): void {
  const first = new Map<string, unknown>();
  for (const row of rows) {
    if (OTHERS.has(row.part) || CONTROLS.has(row.method)) continue;
    for (const column of READINGS) {
      // G′ stands beside G; of G there are two readings.
      if (column === "directionality" && row[column] === "GPrime") continue;
      const value = row[column] ?? null;
      if (value === null) continue;
      const key = `${column} ${row.dataset} ${row.model}`;
      const before = first.get(key);
      if (before === undefined) first.set(key, value);
      else if (before !== value) {
        throw new RangeError(
          `Expected results under one ${column} but found ${String(before)} and ${String(value)}: filter the table, and judge each for itself`,
        );
      }
    }
  }
}
