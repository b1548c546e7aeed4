import { loadColumns, rowSource } from "./load-column";
import { segmentColumns } from "./read-segment";
import type { RowKind } from "./segment";
import { fromStored, keepsNulls } from "./stored-rows";
import type { DirectionalityRow, EpochRow, GradientRow, HistogramRow, OutputRow, SelectionRow } from "../training/rows";

/** What a row of each kind is. */
export interface Rows {
  epochs: EpochRow;
  gradients: GradientRow;
  histograms: HistogramRow;
  outputs: OutputRow;
  directionality: DirectionalityRow;
  selections: SelectionRow;
}

/** All rows of one kind that a run's folder holds. */
export function readRows<Kind extends RowKind>(run: string, kind: Kind): Rows[Kind][] {
  const source = rowSource(run, kind);
  const names = new Set(source.segments.flatMap((segment) => [...segmentColumns(segment).keys()]));
  const columns = [...loadColumns([source], [...names])];
  return Array.from({ length: source.rows }, (_, row) => {
    const object: Record<string, number | string | null> = {};
    for (const [name, { values, missing, dictionary }] of columns) {
      if (missing?.[row] === 1) {
        if (keepsNulls(kind)) object[name] = null;
      } else {
        const value = values[row] ?? NaN;
        object[name] = dictionary === null ? value : (dictionary[value] ?? null);
      }
    }
    return fromStored(kind, object) as Rows[Kind];
  });
}
