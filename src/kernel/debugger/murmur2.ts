const M = 0x5bd1e995;
const times = (value: number) => (value & 0xffff) * M + ((((value >>> 16) * M) & 0xffff) << 16);

/** The hash by which JupyterLab names the code of a cell for a debugger: MurmurHash2 of its UTF-8 bytes. */
export function murmur2(text: string, seed: number): number {
  const data = new TextEncoder().encode(text);
  let hash = seed ^ data.length;
  let at = 0;
  for (; data.length - at >= 4; at += 4) {
    let part = data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24);
    part = times(part);
    part ^= part >>> 24;
    hash = times(hash) ^ times(part);
  }
  const rest = data.length - at;
  if (rest === 3) hash ^= data[at + 2]! << 16;
  if (rest >= 2) hash ^= data[at + 1]! << 8;
  if (rest >= 1) hash = times(hash ^ data[at]!);
  hash ^= hash >>> 13;
  hash = times(hash);
  hash ^= hash >>> 15;
  return hash >>> 0;
}
