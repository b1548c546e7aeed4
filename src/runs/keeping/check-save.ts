import { enableOpDeterminism, isDeterministic } from "../../tensorflow";
import type { SaveOptions } from "./save-options";

/** What holds for the run, whoever goes on with it. */
export type SaveSettings = Required<
  Pick<SaveOptions, "checkpointEvery" | "keep" | "keepLast" | "tensorBoard" | "deterministic">
>;

/** The settings of a run that its folder keeps. */
export function settingsOf({
  checkpointEvery = 1,
  keep = [],
  keepLast = true,
  tensorBoard = false,
  deterministic = false,
}: SaveOptions): SaveSettings {
  return { checkpointEvery, keep, keepLast, tensorBoard, deterministic };
}

/** @throws {RangeError | Error} where a value makes no sense, or the process cannot be what it has to be */
export function checkSave({
  folder,
  checkpointEvery = 1,
  until = null,
  keep = [],
  deterministic = false,
}: SaveOptions): void {
  if (folder === "") throw new RangeError("Expected a folder to save to but found an empty path");
  const whole = (value: number, least: number) => Number.isInteger(value) && value >= least;
  if (!whole(checkpointEvery, 1))
    throw new RangeError(`Expected checkpointEvery to be a whole number above 0 but found ${checkpointEvery}`);
  if (until !== null && !whole(until, 1))
    throw new RangeError(`Expected until to be an epoch from 1 but found ${until}`);
  const odd = keep.find((epoch) => !whole(epoch, 0));
  if (odd !== undefined) throw new RangeError(`Expected keep to list epochs but found ${odd}`);
  if (deterministic && !isDeterministic()) enableOpDeterminism();
}
