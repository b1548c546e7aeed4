import {
  aFunction,
  anyText,
  byName,
  checkTable,
  either,
  type KindsOf,
  oneOf,
  orNull,
  texts,
  whole,
  yesNo,
} from "../../options";
import type { ColumnTable } from "arquero";

import { headingOf, quantityOf } from "../quantity";
import { bestRows, type Direction } from "./best-rows";
import { columnsToShow } from "./columns-to-show";
import { columnPrinter } from "./column-printer";

/** What every way of rendering a table understands. */
export interface RenderOptions {
  /** Columns to show, in order. Default: null, all. */
  columns?: readonly string[] | null;
  /** Headings by column. Default: from the column's name (`quantityOf`). */
  labels?: Record<string, string>;
  /** Own ways of printing, by column. */
  format?: Record<string, (value: unknown) => string>;
  /**
   * What is set in bold. "auto": the best value of each column whose name says which end is better
   * (accuracies and improvements: highest; losses, times and overheads: lowest), in each group of a grouped table; of
   * the variants of a quantity that `crossTable` makes, the best of each row. An object says the direction for columns
   * of its own, null for no bold. False: nothing. In tables of more than 1,000 rows nothing is.
   * Default: "auto".
   */
  best?: "auto" | false | Record<string, Direction>;
  /**
   * Whether `xDeviation`, `xInterval`, `xImprovement` and `xOverhead` are printed in the cell of their column x, as the
   * papers do: 31.35 ± 0.45, 91.08 ± 0.13 [± 0.31], 93.30 (+2.22), 31.82 (+1.50 %). Default: true.
   */
  merge?: boolean;
  /** The most rows to show, half from the top and half from the end. Null: all. Default: each renderer's own. */
  limit?: number | null;
}

const BEST = [oneOf("auto", false), byName(orNull(oneOf("min", "max")), "directions")] as const;

/** What each of these may be. */
export const RENDER_KINDS: KindsOf<RenderOptions> = {
  columns: orNull(texts),
  labels: byName(anyText, "texts"),
  format: byName(aFunction, "functions"),
  best: either(...BEST, 'to be "auto", false or an object of "min" or "max" by column'),
  merge: yesNo,
  limit: orNull(whole(0)),
};

export interface GridColumn {
  name: string;
  label: string;
  align: "left" | "right";
}

export interface GridCell {
  text: string;
  best: boolean;
}

/** A table as text, before any mark-up. */
export interface Grid {
  columns: GridColumn[];
  /** Rows from the top, then rows from the end; `head` of them come before what is left out. */
  rows: GridCell[][];
  head: number;
  /** How many rows are left out between head and tail. */
  hidden: number;
  /** All rows of the table, shown or not. */
  totalRows: number;
  /** All columns of the table, shown or not. */
  totalColumns: number;
}

const boldUpTo = 1000;
const companions = [
  { suffix: "Deviation", join: (text: string) => ` ± ${text}` },
  { suffix: "Interval", join: (text: string) => ` [± ${text}]` },
  { suffix: "Improvement", join: (text: string) => ` (${text})` },
  { suffix: "Overhead", join: (text: string) => ` (${text} %)` },
] as const;

/**
 * Prints the cells of a table; the renderers only add mark-up.
 *
 * @param table The table to write.
 * @param options See `RenderOptions`.
 * @throws {RangeError} for a column that the table lacks, or a limit that is no positive integer
 */
export function grid(table: ColumnTable, options: RenderOptions, defaultLimit: number | null): Grid {
  checkTable(table);
  const { labels = {}, format = {}, best = "auto", merge = true, limit = defaultLimit } = options;
  if (limit !== null && !(Number.isInteger(limit) && limit > 0)) {
    throw new RangeError(`Expected limit to be a positive integer or null but found ${limit}`);
  }
  const chosen = columnsToShow(table, options.columns);
  const merged = new Set(merge ? chosen.filter((name) => companionOf(name, chosen) !== null) : []);
  const shown = chosen.filter((name) => !merged.has(name));
  const data = table.data();

  const total = table.numRows();
  const fits = limit === null || total <= limit;
  const head = fits ? total : Math.ceil(limit / 2);
  const tail = fits ? 0 : limit - head;
  const indices: number[] = [];
  const take = (count: number, offset: number) => {
    if (count > 0) table.scan((row = 0) => void indices.push(row), true, count, offset);
  };
  take(head, 0);
  take(tail, total - tail);

  const printers = new Map(
    chosen.map((name) => [
      name,
      columnPrinter(
        name,
        indices.map((row) => data[name]?.at(row)),
      ),
    ]),
  );
  /** A value with those that belong to it, and theirs: 93.30 (+2.22 [± 0.40]). */
  const cellText = (name: string, row: number): string => {
    const print = format[name] ?? printers.get(name) ?? String;
    const parts = companions.map(({ suffix, join }) => {
      const part = withSuffix(name, suffix);
      const value: unknown = merged.has(part) ? data[part]?.at(row) : null;
      return value === null || value === undefined ? "" : join(cellText(part, row));
    });
    return print(data[name]?.at(row)) + parts.join("");
  };
  const columns = shown.map((name): GridColumn & { cell: (row: number) => GridCell } => {
    const values = data[name];
    const direction = typeof best === "object" ? best[name] : undefined;
    const bestOnes = best === false || total > boldUpTo ? new Set<number>() : bestRows(table, name, direction);
    const numeric = indices.some((row) => isNumeric(values?.at(row)));
    const textual = indices.some((row) => typeof values?.at(row) === "string");
    return {
      name,
      label: labels[name] ?? quantityOf(name)?.label ?? headingOf(name),
      align: numeric && !textual ? "right" : "left",
      cell: (row) => ({ text: cellText(name, row), best: bestOnes.has(row) }),
    };
  });

  return {
    columns: columns.map(({ name, label, align }) => ({ name, label, align })),
    rows: indices.map((row) => columns.map((column) => column.cell(row))),
    head,
    hidden: total - indices.length,
    totalRows: total,
    totalColumns: table.numCols(),
  };
}

/** The column in whose cells this one is printed, or null. */
function companionOf(name: string, among: readonly string[]): string | null {
  const slash = name.indexOf("/");
  const [base, variant] = slash < 0 ? [name, ""] : [name.slice(0, slash), name.slice(slash)];
  for (const { suffix } of companions) {
    const owner = base.slice(0, -suffix.length) + variant;
    if (base.endsWith(suffix) && base !== suffix && among.includes(owner)) return owner;
  }
  return null;
}

function withSuffix(name: string, suffix: string): string {
  const slash = name.indexOf("/");
  return slash < 0 ? name + suffix : name.slice(0, slash) + suffix + name.slice(slash);
}

const isNumeric = (value: unknown) => typeof value === "number" || typeof value === "bigint" || value instanceof Date;
