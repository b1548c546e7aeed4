import { sampleSizeOf } from "../columns/flat-samples";
import type { ColumnKind } from "../types";

/** What a part takes at most, in bytes, unless a single batch takes more. */
const LARGEST = 16 * 2 ** 20;
/** Steps of a part at most: a run that is asked to end, or to show itself, waits for the first of them to be read. */
const MOST_STEPS = 32;

/**
 * How many steps' samples are brought to the device together. A step costs nothing more for it: the loop over a part runs
 * while the next one is read.
 */
export function partSteps(kinds: readonly ColumnKind[], batchSize: number, size: number | null): number {
  const bytes = kinds.reduce((sum, kind) => sum + batchSize * bytesOfSample(kind), 0);
  const steps = Math.max(1, Math.min(MOST_STEPS, Math.floor(LARGEST / bytes)));
  return size === null ? steps : Math.min(steps, Math.max(1, Math.ceil(size / batchSize)));
}

function bytesOfSample({ sampleShape, storage }: ColumnKind): number {
  return sampleSizeOf(sampleShape) * (storage === "uint8" ? 1 : 4);
}
