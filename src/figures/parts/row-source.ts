import { checkRows, show } from "../../options";
import { ROW_KINDS, type RowKind, type RowLists, type Rows, type RunLike } from "../../rows";

/** Plain rows, or a table that can give them: arquero's tables have `objects()`. */
export type RowSource<Row> = readonly Row[] | { objects(): object[] };

/** A run, several runs, or the rows themselves. */
export type RunSource<Row> = RunLike | readonly RunLike[] | RowSource<Row>;

/** Rows under a name; the name is empty where only rows were given. */
export interface NamedRows<Row> {
  name: string;
  rows: readonly Row[];
}

const isTable = (source: object): source is { objects(): object[] } =>
  "objects" in source && typeof source.objects === "function";
export const isRun = (value: unknown): value is RunLike =>
  typeof value === "object" &&
  value !== null &&
  Object.keys(ROW_KINDS).some((kind) => kind in value) &&
  !("epoch" in value) &&
  !("objects" in value);

/** Whether a list holds runs rather than rows. */
export function isRunList(source: unknown): source is readonly RunLike[] {
  return Array.isArray(source) && source.length > 0 && source.every(isRun);
}

/** The rows of an array or of a table. @throws {TypeError} for anything else */
export function rowsOf<Row>(source: RowSource<Row>): readonly Row[] {
  if (source instanceof Promise) throw new TypeError("Expected a run, rows or a table but found a Promise: await it");
  if (typeof source !== "object" || source === null)
    throw new TypeError(`Expected a run, rows or a table but found ${show(source)}`);
  const rows = isTable(source) ? (source.objects() as Row[]) : source;
  checkRows(rows, "a run, a list of rows or a table");
  return rows;
}

/**
 * Brings a run, a list of runs, an array of rows or a table to one form.
 *
 * @param kind Which rows of a run are wanted.
 * @throws {TypeError} for anything else
 * @throws {RangeError} if there are no rows
 */
export function namedRows<Kind extends RowKind>(source: RunSource<Rows[Kind]>, kind: Kind): NamedRows<Rows[Kind]>[] {
  if (typeof source !== "object" || source === null)
    throw new TypeError(`Expected a run, a list of runs, rows or a table but found ${String(source)}`);
  const runs = isRun(source) ? [source] : isRunList(source) ? source : null;
  const found: NamedRows<Rows[Kind]>[] = runs
    ? runs.map((run) => ({ name: run.name, rows: (run as Partial<RowLists>)[kind] ?? [] }))
    : [{ name: "", rows: rowsOf(source as RowSource<Rows[Kind]>) }];
  for (const { name, rows } of found) {
    const whose = name === "" ? "" : ` of run ${name}`;
    if (!Array.isArray(rows))
      throw new TypeError(
        `Expected an array of ${kind} rows${whose} but found ${typeof rows}; pass run.${kind} or a run`,
      );
    if (rows.length === 0) throw new RangeError(`Found no ${singular(kind)} rows${whose}; ${ROW_KINDS[kind].remedy}`);
  }
  return found;
}

const singular = (kind: RowKind) => kind.replace(/s$/, "");

/**
 * The rows of a figure that draws one run.
 *
 * @throws {RangeError} if several runs are given, rather than leaving all but one out
 */
export function rowsOfOneRun<Kind extends RowKind>(source: RunSource<Rows[Kind]>, kind: Kind): NamedRows<Rows[Kind]> {
  const runs = namedRows(source, kind);
  if (runs.length !== 1) {
    const names = runs.map(({ name }) => name).join(", ");
    throw new RangeError(`Expected one run but found ${runs.length} (${names}); draw a figure of each`);
  }
  return runs[0]!;
}
