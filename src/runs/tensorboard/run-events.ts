import { ROW_KINDS, type RowKind } from "../../rows";
import type { EventHistogram, EventValue } from "./event-file";

/**
 * What TensorBoard is told of a row: each column under the tag that its kind has for it, layer and weight behind it;
 * values that are null, and exact zeros of a distribution, are left out.
 */
export function rowEvents(kind: RowKind, row: object): EventValue[] {
  const { columns, further } = ROW_KINDS[kind];
  const tags: Readonly<Record<string, string>> = ROW_KINDS[kind].tags;
  const values = row as Readonly<Record<string, unknown>>;
  const place = ["layer", "weight"].flatMap((name) => (typeof values[name] === "string" ? [`/${values[name]}`] : []));
  return Object.entries(values).flatMap(([column, value]): EventValue[] => {
    const own = Object.hasOwn(columns, column) ? tags[column] : further && `${further}/${column}`;
    if (!own) return [];
    const tag = own + place.join("");
    if (typeof value === "number") return [{ tag, scalar: value }];
    return Array.isArray(value) ? [{ tag, histogram: histogramOf(values, value as number[]) }] : [];
  });
}

/** Counts of bins that are equally wide between a row's `low` and `high`. */
function histogramOf(row: Readonly<Record<string, unknown>>, counts: readonly number[]): EventHistogram {
  const [low, high] = [row["low"] as number, row["high"] as number];
  const width = (high - low) / counts.length;
  return { low, limits: counts.map((_, at) => low + (at + 1) * width), counts };
}
