import { epochPlan } from "../batches/epoch-plan";
import type { PartReader, Reading, Split, StreamedSplit } from "../types";

/** Whether a split's samples are read while they are needed. */
export function isStreamed(split: Split | StreamedSplit): split is StreamedSplit {
  return "read" in split;
}

/** @throws {TypeError} if samples are to be picked by their number from a split that is read in its order */
export function refuseStreamed(split: Split | StreamedSplit, what: string): asserts split is Split {
  if (isStreamed(split))
    throw new TypeError(
      `Expected samples in memory for ${what}, which picks them by their number, but found some that are read from a ` +
        "stream: pass a few of them to ga.dataset, or leave lazy out of ga.imageFolder",
    );
}

/** Reads an epoch of a split: one in memory is a single part, which has nothing to copy and nothing to free. */
export function readSplit(split: Split | StreamedSplit, reading: Reading): PartReader {
  if (isStreamed(split)) return split.read(reading);
  const { size } = split;
  let isOver = false;
  return {
    next() {
      if (isOver) return Promise.resolve(null);
      isOver = true;
      const plan = reading.epoch ? epochPlan(size, reading.epoch) : new Int32Array(0);
      return Promise.resolve({ size, isLast: true, plan, tensors: [], columns: () => split, dispose() {} });
    },
    close() {
      isOver = true;
    },
  };
}
