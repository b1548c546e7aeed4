import { availableMemory } from "node:process";

/** The most bytes of one array: what is larger neither JavaScript nor TensorFlow's older operations can address. */
const LARGEST = 2 ** 32;

/**
 * Refuses what cannot fit before any of it is made: a process that runs out of memory ends without a word.
 *
 * @param what for the message, as "1000 images of 32 × 32"
 * @param bytes of the largest array
 * @param times how much of it there is at the same time while it is made
 * @throws {RangeError} if the memory is not there; the message says how much would be needed
 */
export function checkMemory(what: string, bytes: number, times: number): void {
  const free = availableMemory();
  if (bytes <= LARGEST && bytes * times <= free) return;
  const words = bytes > LARGEST ? `${inGigabytes(bytes)} in one array, of at most ${inGigabytes(LARGEST)}` : `${inGigabytes(bytes * times)} of memory, of which ${inGigabytes(free)} are free`; // prettier-ignore
  throw new RangeError(`Expected the data to fit into memory but found ${what}, which take ${words}: ask for fewer`);
}

const inGigabytes = (bytes: number) => `${Number((bytes / 1e9).toPrecision(3)).toLocaleString("en-US")} GB`;
