/**
 * The random numbers of test/fixtures/pytorch/make-fixtures.py, bit for bit: what both sides compute need not be stored.
 */

/** `count` numbers from [0, 1) with 24 bits each: FNV-1a of the key, then murmur3's finaliser of key + i·golden ratio. */
export function uniforms(key: string, count: number): Float64Array {
  let start = 0x811c9dc5;
  for (const byte of Buffer.from(key, "utf8")) start = Math.imul(start ^ byte, 0x01000193);
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let hash = (Math.imul(i, 0x9e3779b9) + start) | 0;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
    values[i] = (hash >>> 8) / 2 ** 24;
  }
  return values;
}

/** Uniform on ±bound, rounded to float32. */
export function symmetric(key: string, count: number, bound: number): Float32Array {
  return Float32Array.from(uniforms(key, count), (value) => (2 * value - 1) * bound);
}
