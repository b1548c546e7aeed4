/**
 * What the thread that hears interrupts and the thread that runs cells tell each other, as places in an Int32Array on
 * shared memory: the one may be stuck in a loop while the other looks.
 */
export const sharedState = {
  /** How many interrupts have come. */
  requests: 0,
  /** The last interrupt that the running thread has noticed. */
  noticed: 1,
  /** 1 while the synchronous part of a cell runs, which a signal can end. */
  breakable: 2,
} as const;

export type SharedState = Int32Array<SharedArrayBuffer>;

export function makeSharedState(): SharedState {
  return new Int32Array(new SharedArrayBuffer(4 * Object.keys(sharedState).length));
}
