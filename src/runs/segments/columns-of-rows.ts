import { columnType, ROW_KINDS, type RowKind } from "../../rows";
import type { PlainColumn } from "./encode-columns";
import { storedType, toStored } from "./stored-rows";

/**
 * Turns rows into columns, in the order of their kind: counts become integers, other numbers stay float64, words become
 * text. A statistic that only some rows have is null in the others.
 *
 * @throws {TypeError} for a value that is neither number, string nor null, or a column of both numbers and strings
 * @throws {RangeError} for a count that is no whole number of 32 bits
 */
export function columnsOfRows(kind: RowKind, rows: readonly object[]): Record<string, PlainColumn> {
  const columns: Record<string, PlainColumn> = {};
  const add = (name: string, values: readonly unknown[]) => {
    const type = storedType(kind, name) ?? (values.some((value) => typeof value === "string") ? "text" : "number");
    if (type === "integer") columns[name] = { type, values: values.map((value) => integer(name, value)) };
    else if (type === "text") columns[name] = { type, values: values.map((value) => text(name, value)) };
    else columns[name] = { type, values: values.map((value) => number(name, value)) };
  };
  for (const name of namesOf(kind, rows)) {
    const values = (rows as readonly Readonly<Record<string, unknown>>[]).map((row) => toStored(row[name]));
    if (columnType(kind, name) === "counts")
      binsOf(values as (readonly number[] | null)[]).forEach((bin, at) => add(`bin${at}`, bin)); // prettier-ignore
    else add(name, values);
  }
  return columns;
}

/** Lists of counts as a column for each bin. */
function binsOf(lists: readonly (readonly number[] | null)[]): (number | null)[][] {
  const bins = lists.reduce((most, list) => Math.max(most, list?.length ?? 0), 0);
  return Array.from({ length: bins }, (_, at) => lists.map((list) => list?.[at] ?? null));
}

/** The columns that occur, first those that the kind names. */
function namesOf(kind: RowKind, rows: readonly object[]): string[] {
  const order = Object.keys(ROW_KINDS[kind].columns);
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  const names = new Set<string>();
  for (const row of rows) for (const name in row) names.add(name);
  return [...names].sort((a, b) => place(a) - place(b));
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
