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
  /** An answer of the user: 0 before it is there, 1 where there is none, else its length in bytes and 2. */
  answered: 3,
} as const;

export type SharedState = Int32Array<SharedArrayBuffer>;

/** As long as an answer may be that a thread waits for, in bytes. */
const longestAnswer = 65_536;

export function makeSharedState(): SharedState {
  return new Int32Array(new SharedArrayBuffer(4 * Object.keys(sharedState).length));
}

/** Room for the answer to a question with which a thread waits. */
export function makeAnswer(): Uint8Array<SharedArrayBuffer> {
  return new Uint8Array(new SharedArrayBuffer(longestAnswer));
}

/** Wakes the thread that waits with an answer; null where there is none. */
export function giveAnswer(shared: SharedState, room: Uint8Array<SharedArrayBuffer>, value: string | null): void {
  const bytes = Buffer.from(value ?? "", "utf8").subarray(0, room.length);
  room.set(bytes);
  Atomics.store(shared, sharedState.answered, value === null ? 1 : bytes.length + 2);
  Atomics.notify(shared, sharedState.answered);
}

/** The answer that has come; null where there is none. */
export function receiveAnswer(shared: SharedState, room: Uint8Array<SharedArrayBuffer>): string | null {
  const length = Atomics.load(shared, sharedState.answered) - 2;
  return length < 0 ? null : Buffer.from(room.slice(0, length)).toString("utf8");
}
