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

/** A row's value of a column as it is stored: true and false are 1 and 0. */
export function toStored(value: unknown): unknown {
  return typeof value === "boolean" ? Number(value) : (value ?? null);
}

/**
 * Reads stored rows as they were: a value that is missing was null where the column may be, and is left out elsewhere.
 *
 * @param names the columns of the file
 * @param valueOf the value of a column, by its position among them, in a row
 */
export function storedReader<Kind extends RowKind>(
  kind: Kind,
  names: readonly string[],
  valueOf: (column: number, row: number) => StoredValue,
): (row: number) => Rows[Kind] {
  const counts = countsOf(kind);
  // Looked up once for all rows, of which there may be millions.
  const columns = names.map((name) => {
    const type = columnType(kind, name);
    const isBin = counts !== undefined && BIN.test(name);
    return { name, isBin, keepsNull: type?.endsWith("?") ?? false, isFlag: type?.startsWith("flag") ?? false };
  });
  return (row) => {
    const read: Record<string, unknown> = {};
    const bins: StoredValue[] = [];
    columns.forEach(({ name, isBin, keepsNull, isFlag }, at) => {
      const value = valueOf(at, row);
      if (isBin) bins.push(value);
      else if (value === null) {
        if (keepsNull) read[name] = null;
      } else read[name] = isFlag ? value === 1 : value;
    });
    if (counts !== undefined) read[counts] = bins;
    return read as Rows[Kind];
  };
}
