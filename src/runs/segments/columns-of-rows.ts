import { ROW_KINDS, type RowKind } from "../../rows";
import type { PlainColumn } from "./encode-columns";
import { storedType, toStored } from "./stored-rows";

/**
 * Turns rows into columns, in the order of their kind: counts become integers, other numbers stay float64, words become
 * text.  A statistic that only some rows have is null in the others.
 *
 * @throws TypeError for a value that is neither number, string nor null, or a column of both numbers and strings;
 * RangeError for a count that is no whole number of 32 bits.
 */
export function columnsOfRows(kind: RowKind, rows: readonly object[]): Record<string, PlainColumn> {
  const stored = rows.map((row) => toStored(kind, row));
  const columns: Record<string, PlainColumn> = {};
  for (const name of namesOf(kind, stored)) {
    const values = stored.map((row) => row[name] ?? null);
    const type = storedType(kind, name) ?? (values.some((value) => typeof value === "string") ? "text" : "number");
    if (type === "integer") columns[name] = { type, values: values.map((value) => integer(name, value)) };
    else if (type === "text") columns[name] = { type, values: values.map((value) => text(name, value)) };
    else columns[name] = { type, values: values.map((value) => number(name, value)) };
  }
  return columns;
}

/** The columns that occur, first those that the kind names. */
function namesOf(kind: RowKind, rows: readonly object[]): string[] {
  const order = Object.keys(ROW_KINDS[kind].columns);
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...new Set(rows.flatMap((row) => Object.keys(row)))].sort((a, b) => place(a) - place(b));
}

function integer(name: string, value: unknown): number {
  if (typeof value === "number" && (value | 0) === value) return value;
  throw new RangeError(`Expected ${name} to be a whole number of 32 bits but found ${String(value)}`);
}

function number(name: string, value: unknown): number | null {
  if (value === null || typeof value === "number") return value;
  throw new TypeError(`Expected ${name} to be a number or null in every row but found ${String(value)}`);
}

function text(name: string, value: unknown): string | null {
  if (value === null || typeof value === "string") return value;
  throw new TypeError(`Expected ${name} to be a string or null in every row but found ${String(value)}`);
}
