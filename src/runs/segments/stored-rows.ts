import { columnType, ROW_KINDS, type RowKind, type Rows } from "../../rows";

/** A value in a column of a file. */
export type StoredValue = number | string | null;

/** Files hold plain numbers and words, so a list of counts is a column for each bin: bin0, bin1, … */
const BIN = /^bin\d+$/;

/** The column of a kind that is a list of counts, if it has one. */
function countsOf(kind: RowKind): string | undefined {
  return Object.keys(ROW_KINDS[kind].columns).find((column) => columnType(kind, column) === "counts");
}

/** How a column is stored; null where only its values tell, as of a statistic. */
export function storedType(kind: RowKind, column: string): "integer" | "number" | "text" | null {
  if (BIN.test(column) && countsOf(kind) !== undefined) return "integer";
  switch (columnType(kind, column)) {
    case "integer":
    case "flag":
      return "integer";
    // Whole numbers of an Arrow file have no null.
    case "integer?":
    case "flag?":
    case "number":
    case "number?":
      return "number";
    case "text":
    case "text?":
      return "text";
    default:
      return null;
  }
}

/** A row as it is stored. */
export function toStored(kind: RowKind, row: object): Record<string, unknown> {
  const stored: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(row) as [string, unknown][]) {
    if (columnType(kind, column) === "counts")
      (value as readonly number[]).forEach((count, at) => (stored[`bin${at}`] = count));
    else stored[column] = typeof value === "boolean" ? Number(value) : value;
  }
  return stored;
}

/** A stored row as it was: a value that is missing was null where the column may be, and is left out elsewhere. */
export function fromStored<Kind extends RowKind>(
  kind: Kind,
  stored: Readonly<Record<string, StoredValue>>,
): Rows[Kind] {
  const counts = countsOf(kind);
  const row: Record<string, unknown> = {};
  if (counts !== undefined) row[counts] = [];
  for (const [column, value] of Object.entries(stored)) {
    const type = columnType(kind, column);
    if (counts !== undefined && BIN.test(column)) (row[counts] as unknown[]).push(value);
    else if (value === null) {
      if (type?.endsWith("?")) row[column] = null;
    } else row[column] = type?.startsWith("flag") ? value === 1 : value;
  }
  return row as Rows[Kind];
}
