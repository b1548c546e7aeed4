import { enableOpDeterminism, isDeterministic } from "../../tensorflow";
import { type Filled, readFields, SAVE, type SaveOptions } from "../../spec";

/** What holds for the run, whoever goes on with it. */
export type SaveSettings = Pick<
  Filled<typeof SAVE>,
  "checkpointEvery" | "keep" | "keepLast" | "tensorBoard" | "deterministic"
>;

/** The settings of a run that its folder keeps. */
export function settingsOf(options: SaveOptions): SaveSettings {
  const { checkpointEvery, keep, keepLast, tensorBoard, deterministic } = readFields(SAVE, options);
  return { checkpointEvery, keep, keepLast, tensorBoard, deterministic };
}

/** @throws {TypeError | RangeError | Error} if a value makes no sense, or the process cannot be what it has to be */
export function checkSave(options: SaveOptions): void {
  const { deterministic } = readFields(SAVE, options);
  if (deterministic && !isDeterministic()) enableOpDeterminism();
}
