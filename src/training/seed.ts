/**
 * A seed of its own for each use of randomness in a run, so that one use never shifts another.
 *
 * @param seed the run's
 * @param words what the randomness is for, e.g. the stage's number
 */
export function deriveSeed(seed: number, ...words: number[]): number {
  let state = seed | 0;
  for (const word of words) {
    // The finalizer of MurmurHash3: every bit of the input reaches every bit of the output.
    state = Math.imul(state ^ (word + 0x9e3779b9), 0x85ebca6b);
    state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
    state ^= state >>> 16;
  }
  return state;
}

/** @throws {RangeError} unless the seed is a whole number that a run's record can hold */
export function checkSeed(seed: number): void {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`Expected seed to be a whole number but found ${seed}`);
}
