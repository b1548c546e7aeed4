/** Fields of Arrow's flatbuffers by their place: Message.header, Schema.fields and .custom_metadata, Field.children and .custom_metadata. */
const MESSAGE = { header: 2 } as const;
const SCHEMA = { fields: 1, metadata: 2, features: 3 } as const;
const FIELD = { children: 5, metadata: 6 } as const;

/**
 * Checks that no list in the schema at the beginning of an Arrow file claims to be longer than the bytes there are: a
 * reader that believes one flipped bit fills the memory with fields until its process ends.
 *
 * @param bytes an encapsulated message: ff ff ff ff, length, flatbuffer
 * @throws {RangeError} if one does, or an offset leads out of the bytes
 */
export function checkSchema(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + 8, bytes.byteLength - 8);
  /** Where a table's field stands; null where the table has none. */
  const field = (table: number, index: number): number | null => {
    const vtable = table - view.getInt32(table, true);
    const at = 4 + 2 * index;
    const offset = at < view.getUint16(vtable, true) ? view.getUint16(vtable + at, true) : 0;
    return offset === 0 ? null : table + offset;
  };
  const target = (at: number) => at + view.getUint32(at, true);
  const elements = (table: number, index: number): number[] => {
    const at = field(table, index);
    if (at === null) return [];
    const start = target(at);
    const length = view.getUint32(start, true);
    if (start + 4 + 4 * length > view.byteLength)
      throw new RangeError(`a list of ${length} in ${view.byteLength} bytes`);
    return Array.from({ length }, (_, index) => start + 4 + 4 * index);
  };
  const checkField = (table: number, depth: number): void => {
    elements(table, FIELD.metadata);
    if (depth > 8) throw new RangeError("fields in fields without end");
    for (const child of elements(table, FIELD.children)) checkField(target(child), depth + 1);
  };
  const header = field(target(0), MESSAGE.header);
  if (header === null) throw new RangeError("no schema");
  const schema = target(header);
  elements(schema, SCHEMA.metadata);
  elements(schema, SCHEMA.features);
  for (const one of elements(schema, SCHEMA.fields)) checkField(target(one), 0);
}
