import { loadColumns, rowSource } from "./load-column";
import { segmentColumns } from "./read-segment";
import type { RowKind } from "./segment";

/**
 * All rows of one kind that a run's folder holds.
 *
 * @param options.keepNull whether a value that is missing is null in its row (true), or left out
 */
export function readRows<Row>(run: string, kind: RowKind, options: { keepNull: boolean }): Row[] {
  const source = rowSource(run, kind);
  const names = new Set(source.segments.flatMap((segment) => [...segmentColumns(segment).keys()]));
  const columns = [...loadColumns([source], [...names])];
  return Array.from({ length: source.rows }, (_, row) => {
    const object: Record<string, number | string | null> = {};
    for (const [name, { values, missing, dictionary }] of columns) {
      if (missing?.[row] === 1) {
        if (options.keepNull) object[name] = null;
      } else {
        const value = values[row] ?? NaN;
        object[name] = dictionary === null ? value : (dictionary[value] ?? null);
      }
    }
    return object as Row;
  });
}
