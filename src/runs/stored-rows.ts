import type { RowKind } from "./segment";

/** Columns hold plain numbers and words, so a histogram's counts are a column each: bin0, bin1, … */
const BIN = /^bin\d+$/;

export const isBin = (column: string) => BIN.test(column);

/** Rows as they are stored. */
export function toStored(kind: RowKind, rows: readonly object[]): readonly object[] {
  if (kind === "histograms") {
    return (rows as readonly { counts: readonly number[] }[]).map(({ counts, ...row }) => ({
      ...row,
      ...Object.fromEntries(counts.map((count, at) => [`bin${at}`, count])),
    }));
  }
  if (kind === "selections")
    return (rows as readonly { selected: boolean }[]).map((row) => ({ ...row, selected: Number(row.selected) }));
  return rows;
}

/** A stored row as it was. */
export function fromStored(kind: RowKind, row: Record<string, number | string | null>): object {
  if (kind === "histograms") {
    const entries = Object.entries(row);
    const counts = entries.filter(([name]) => isBin(name)).map(([, count]) => count);
    return { ...Object.fromEntries(entries.filter(([name]) => !isBin(name))), counts };
  }
  return kind === "selections" ? { ...row, selected: row["selected"] === 1 } : row;
}

/** Whether rows of this kind all have the same columns, so that a value that is missing was null; elsewhere it is left out. */
export const keepsNulls = (kind: RowKind): boolean => kind === "epochs" || kind === "selections";
