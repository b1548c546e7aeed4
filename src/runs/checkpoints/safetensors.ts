import type { SavedTensor } from "../../training/training-state";

/**
 * The safetensors format: eight bytes with the length of a JSON header, the header (name → dtype, shape, place), the
 * values. Python reads it with `safetensors.numpy.load_file`.
 */
const TYPES = { F32: Float32Array, I32: Int32Array } as const;
type TypeName = keyof typeof TYPES;
type Entry = { dtype: TypeName; shape: readonly number[]; data_offsets: readonly [number, number] };

/**
 * Tensors as the pieces of a safetensors file, so that none needs to be copied.
 *
 * @param notes texts that are kept in the header
 */
export function* encodeSafetensors(
  tensors: ReadonlyMap<string, SavedTensor>,
  notes: Readonly<Record<string, string>>,
): Generator<Uint8Array> {
  const header: Record<string, unknown> = { __metadata__: notes };
  let end = 0;
  for (const [name, { shape, values }] of tensors) {
    const start = end;
    end += values.byteLength;
    header[name] = { dtype: values instanceof Int32Array ? "I32" : "F32", shape, data_offsets: [start, end] };
  }
  const text = Buffer.from(JSON.stringify(header));
  // Values begin at a multiple of eight bytes; the format fills up with blanks.
  const padded = Buffer.alloc(Math.ceil(text.length / 8) * 8, " ");
  text.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  yield length;
  yield padded;
  for (const { values } of tensors.values()) yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/**
 * The tensors and notes of a safetensors file.
 *
 * @throws {Error} if it is none, or holds other types than float32 and int32
 */
export function decodeSafetensors(bytes: Uint8Array): {
  tensors: Map<string, SavedTensor>;
  notes: Record<string, string>;
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length >= 8 ? Number(view.getBigUint64(0, true)) : Infinity;
  if (8 + length > bytes.length)
    throw new Error(`Expected a safetensors file but found ${bytes.length} bytes of something else`);
  const { __metadata__: notes = {}, ...entries } = JSON.parse(
    Buffer.from(bytes.buffer, bytes.byteOffset + 8, length).toString("utf8"),
  ) as Record<string, Entry> & { __metadata__?: Record<string, string> };
  const tensors = new Map<string, SavedTensor>();
  for (const [name, { dtype, shape, data_offsets: place }] of Object.entries(entries)) {
    if (!Object.hasOwn(TYPES, dtype)) throw new Error(`Expected ${name} to be F32 or I32 but found ${dtype}`);
    // A copy, since a view would need a place that is a multiple of four.
    const { buffer } = new Uint8Array(bytes.subarray(8 + length + place[0], 8 + length + place[1]));
    tensors.set(name, { shape, values: new TYPES[dtype](buffer) });
  }
  return { tensors, notes };
}
