import {
  type MeasuredKind,
  measuredKinds,
  type MeasuredRows,
  type RowKind,
  rowKinds,
  type RowLists,
  type Rows,
} from "./row-kinds";

/** No row of any kind. */
export function emptyRows(): RowLists {
  return Object.fromEntries(rowKinds.map((kind) => [kind, []])) as unknown as RowLists;
}

/** No row of any kind that is measured. */
export function emptyMeasuredRows(): MeasuredRows {
  return Object.fromEntries(measuredKinds.map((kind) => [kind, []])) as unknown as MeasuredRows;
}

/** Puts rows behind those of the same kind; there may be more of them than a call takes arguments. */
export function appendRows<Kind extends RowKind>(
  to: { readonly [K in Kind]: Rows[K][] },
  kind: Kind,
  rows: readonly Rows[Kind][],
): void {
  for (const row of rows) to[kind].push(row);
}

/** The same for what was measured. */
export function appendMeasured(
  to: Readonly<MeasuredRows>,
  rows: { readonly [Kind in MeasuredKind]?: readonly Rows[Kind][] },
): void {
  const append = <Kind extends MeasuredKind>(kind: Kind) => appendRows<Kind>(to, kind, rows[kind] ?? []);
  for (const kind of measuredKinds) append(kind);
}
