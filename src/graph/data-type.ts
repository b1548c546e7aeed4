/** TensorFlow's numbers for the types of tensors (TF_DataType in its C API). */
export const DataType = {
  float32: 1,
  int32: 3,
  uint8: 4,
  string: 7,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  resource: 20,
} as const;

/** A type's name, for messages; its number where it has none here. */
export function dataTypeName(dtype: number): string {
  return Object.entries(DataType).find(([, number]) => number === dtype)?.[0] ?? `type ${dtype}`;
}
