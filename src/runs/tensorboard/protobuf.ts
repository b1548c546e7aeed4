/**
 * The few kinds of protocol-buffer fields that event files are made of, each as its bytes.
 * Source: protobuf's encoding specification; event.proto, summary.proto and histogram.proto of TensorFlow.
 */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}

const key = (field: number, kind: number) => varint(field * 8 + kind);

/** A whole number of at least 0. */
export function integerField(field: number, value: number): Buffer {
  return Buffer.concat([key(field, VARINT), varint(value)]);
}

export function doubleField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([key(field, FIXED64), bytes]);
}

export function floatField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([key(field, FIXED32), bytes]);
}

/** Text, bytes, or the fields of a message. */
export function bytesField(field: number, value: string | Uint8Array | readonly Uint8Array[]): Buffer {
  const bytes =
    typeof value === "string" ? Buffer.from(value) : value instanceof Uint8Array ? value : Buffer.concat(value);
  return Buffer.concat([key(field, BYTES), varint(bytes.length), bytes]);
}

/** Many doubles, packed. */
export function doublesField(field: number, values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, at) => bytes.writeDoubleLE(value, 8 * at));
  return bytesField(field, bytes);
}
