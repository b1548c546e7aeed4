import { checkTable } from "../../options";
import type { ColumnTable } from "arquero";
import type * as danfojs from "danfojs-node";

import { columnValues } from "../verbs/column-values";

/** What danfo calls the types of columns. */
type DanfoType = "float32" | "int32" | "string" | "boolean";

/**
 * An arquero table as a danfo DataFrame, rows in the table's order and under its filter.
 *
 * | in the table | in the frame |
 * |---|---|
 * | whole numbers of 32 bits | int32 |
 * | other numbers, or with missing values | float32 by name; the values stay double precision |
 * | booleans | boolean; with missing values string by name, since danfo's describe() throws on a boolean null |
 * | text, dates | string by name; dates stay Date objects |
 * | missing numbers | NaN: danfo would count a null as 0 in arithmetic |
 * | other missing values | null |
 *
 * danfo's types are told rather than left to its guess, which takes a column of dates, or of booleans with a gap, for
 * float32. `describe()` and `groupby()` of danfo give NaN for a column or a group with a missing number; `describe` and
 * arquero's own `rollup` leave missing values out.
 *
 * danfo, and TensorFlow with it, is loaded when this is first called.
 *
 * @param table The table to write.
 * @throws {TypeError} for a column of values that danfo cannot hold, or that mixes numbers with others
 * @example
 * import * as ga from "gradamp";
 * import { table } from "arquero";
 *
 * const frame = ga.table.toDanfo(table({ model: ["VGG08", "VGG38"], testAccuracy: [0.47, 0.01] }));
 * frame.sortValues("testAccuracy").print();
 */
export function toDanfo(table: ColumnTable): danfojs.DataFrame {
  checkTable(table);
  const names = table.columnNames();
  const columns = names.map((name) => columnForDanfo(name, columnValues(table, name)));
  const danfo = require("danfojs-node") as typeof danfojs;
  const dtypes = columns.map(({ dtype }) => dtype);
  if (table.numRows() === 0) return new danfo.DataFrame([], { columns: names, dtypes });
  return new danfo.DataFrame(Object.fromEntries(names.map((name, i) => [name, columns[i]?.values])), { dtypes });
}

function columnForDanfo(name: string, raw: readonly unknown[]): { dtype: DanfoType; values: unknown[] } {
  const present = raw.filter((value) => value !== null && value !== undefined);
  const kinds = new Set(present.map(kindOf));
  const unknown = [...kinds].find((kind) => !["number", "string", "boolean", "date"].includes(kind));
  if (unknown !== undefined) {
    throw new TypeError(`Expected ${name} to hold numbers, text, booleans or dates but found ${unknown}: leave it out`);
  }
  if (kinds.has("number") && kinds.size > 1) {
    throw new TypeError(`Expected ${name} to hold values of one type but found ${[...kinds].join(" and ")}`);
  }
  const gaps = present.length < raw.length;
  const orNull = () => raw.map((value) => value ?? null);
  if (kinds.has("number")) {
    const whole = !gaps && present.every((value) => ((value as number) | 0) === value);
    return { dtype: whole ? "int32" : "float32", values: raw.map((value) => value ?? NaN) };
  }
  if (kinds.size === 1 && kinds.has("boolean") && !gaps) return { dtype: "boolean", values: orNull() };
  return { dtype: "string", values: orNull() };
}

const kindOf = (value: unknown) => (value instanceof Date ? "date" : typeof value);
