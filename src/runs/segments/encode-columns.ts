import { dictionary, float64, int32, tableFromArrays, tableToIPC, utf8 } from "@uwdata/flechette";

/** A column on its way to a file. */
export type PlainColumn =
  | { type: "integer"; values: ArrayLike<number> }
  | { type: "number"; values: ArrayLike<number | null> }
  | { type: "text"; values: ArrayLike<string | null> };

/**
 * Columns as one Arrow file (IPC file format): int32, float64 and dictionaries of utf8, as pyarrow and polars read it; notes
 * are the schema's metadata.
 */
export function encodeColumns(
  columns: Record<string, PlainColumn>,
  notes: ReadonlyMap<string, string> = new Map(),
): Uint8Array {
  const types = { integer: int32, number: float64, text: () => dictionary(utf8(), int32()) };
  const entries = Object.entries(columns);
  const table = tableFromArrays(
    entries.map(([name, { values }]): [string, ArrayLike<unknown>] => [name, values]) as never,
    { types: Object.fromEntries(entries.map(([name, { type }]) => [name, types[type]()])) },
  );
  table.schema.metadata = new Map(notes);
  const bytes = tableToIPC(table, { format: "file" });
  if (!(bytes instanceof Uint8Array)) throw new TypeError("Expected Arrow to encode to bytes but found nothing");
  return bytes;
}
