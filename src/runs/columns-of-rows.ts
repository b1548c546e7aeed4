import type { PlainColumn } from "./encode-columns";
import type { RowKind } from "./segment";
import { isBin } from "./stored-rows";

export const integers: Record<RowKind, readonly string[]> = {
  epochs: ["epoch", "amplifiedLayers"],
  gradients: ["epoch", "step", "index", "size"],
  histograms: ["epoch", "step", "index", "zeros", "nonFinite"],
  outputs: ["epoch", "step", "index"],
  directionality: ["epoch", "step", "index"],
  selections: ["epoch", "stage", "index", "selected"],
};

/**
 * Turns rows into columns: counts become integers, other numbers stay float64, words become text.  A statistic that only
 * some rows have is null in the others.
 *
 * @throws TypeError for a value that is neither number, string nor null, or a column of both numbers and strings;
 * RangeError for a count that is no whole number of 32 bits.
 */
export function columnsOfRows(kind: RowKind, rows: readonly object[]): Record<string, PlainColumn> {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  const columns: Record<string, PlainColumn> = {};
  for (const name of names) {
    const values = rows.map((row) => ((row as Record<string, unknown>)[name] ?? null) as unknown);
    if (integers[kind].includes(name) || (kind === "histograms" && isBin(name)))
      columns[name] = { type: "integer", values: values.map((v) => integer(name, v)) };
    else if (values.some((value) => typeof value === "string")) {
      columns[name] = { type: "text", values: values.map((v) => typed(name, v, "string") as string | null) };
    } else columns[name] = { type: "number", values: values.map((v) => typed(name, v, "number") as number | null) };
  }
  return columns;
}

function integer(name: string, value: unknown): number {
  if (typeof value === "number" && (value | 0) === value) return value;
  throw new RangeError(`Expected ${name} to be a whole number of 32 bits but found ${String(value)}`);
}

function typed(name: string, value: unknown, type: "number" | "string"): unknown {
  if (value === null || typeof value === type) return value;
  throw new TypeError(`Expected ${name} to be a ${type} or null in every row but found ${String(value)}`);
}
