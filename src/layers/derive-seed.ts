/**
 * A seed of its own for every named thing, from one seed for all: a hash (FNV-1a with a final mix) of both.
 *
 * The same pair gives the same number in every process, and two networks that share layer names start from the same
 * weights there, which makes their comparison a paired one. Never 0, because tfjs takes a seed of 0 for "no seed".
 *
 * @param seed - any integer
 * @param name - what the seed is for, e.g. `block_0_0_conv_0/kernel`
 * @returns an integer from 1 to 2³¹ − 1
 */
export function deriveSeed(seed: number, name: string): number {
  let hash = 0x811c9dc5;
  for (const character of `${seed}/${name}`) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  return hash & 0x7fffffff || 1;
}
