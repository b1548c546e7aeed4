import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A seeded stream of random numbers on the host. */
export interface Random {
  /** An integer from 0 to `below` - 1, all equally likely. */
  integer(below: number): number;
  /** A number in [low, high). */
  uniform(low: number, high: number): number;
  /** 32 random bits as a signed integer: the cheapest draw. */
  bits(): number;
  /** Puts an array into random order, in place, and returns it. */
  shuffle<T extends Int32Array | number[]>(values: T): T;
}

/**
 * A stream that depends on every key, in order: `random(seed, epoch)` and `random(seed, epoch + 1)` have nothing in
 * common, though xoroshiro's own seeding of neighbouring seeds is correlated.
 */
export function random(...keys: readonly number[]): Random {
  const generator = xoroshiro128plus(keys.reduce(mix, 0x9e3779b9 | 0));
  const integer = (below: number) => uniformInt(generator, 0, below - 1);
  return {
    integer,
    bits: () => generator.next(),
    uniform: (low, high) => low + (high - low) * uniformFloat64(generator),
    shuffle(values) {
      for (let i = values.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        [values[i], values[j]] = [values[j]!, values[i]!];
      }
      return values;
    },
  };
}

/** MurmurHash3's finaliser over the running hash and the next key; both 32-bit halves of a large key count. */
function mix(hash: number, key: number): number {
  for (const half of [key | 0, Math.floor(key / 2 ** 32) | 0]) {
    hash = Math.imul(hash ^ half, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash;
}
