import { checkArgument, checkOptions, oneOf } from "../../options";
import { table, type ColumnTable } from "arquero";

/** Options of `ga.table.fromDanfo`. */
export interface FromDanfoOptions {
  /**
   * What a NaN is. "missing": null, since NaN is how danfo writes a missing value; "keep": NaN, where the
   * numbers themselves may be none, as a loss that diverged. Default: "missing".
   */
  nan?: "missing" | "keep";
}

/** What of a danfo DataFrame is used: anything of this shape will do. */
export interface FrameLike {
  /** Names, from left to right. */
  columns: string[];
  /** Rows of values. */
  values: unknown;
}

/**
 * A danfo DataFrame as an arquero table: numbers, booleans, text and dates as they are, missing values null. The
 * frame's index is left behind; `resetIndex` and `addColumn` make a column of it.
 *
 * @param options Any of `FromDanfoOptions`; none is needed.
 * @param frame The danfo frame.
 * @throws {TypeError} for an option that it does not know or of a wrong kind
 * @example
 * import * as ga from "gradamp";
 * import { table } from "arquero";
 *
 * const frame = ga.table.toDanfo(table({ model: ["VGG08", "VGG38"], testAccuracy: [0.47, null] }));
 * console.log(ga.table.fromDanfo(frame).array("testAccuracy")); // [0.47, null]
 */
export function fromDanfo(frame: FrameLike, options: FromDanfoOptions = {}): ColumnTable {
  checkOptions("table.fromDanfo", options, { nan: oneOf("missing", "keep") });
  checkArgument(frame, "a danfo DataFrame", "columns");
  const { nan = "missing" } = options;
  const rows = frame.values as unknown[][];
  const value = (cell: unknown) =>
    cell === undefined || (nan === "missing" && typeof cell === "number" && Number.isNaN(cell)) ? null : cell;
  return table(
    Object.fromEntries(frame.columns.map((name, i) => [name, rows.map((row) => value(row[i]))])),
    frame.columns,
  );
}
