import { show } from "../options";

/**
 * Numbers that can be averaged.
 *
 * @throws {TypeError} for what is no number
 * @throws {RangeError} for NaN and infinities, which no mean survives
 */
export function checkNumbers(values: readonly number[], what: string): void {
  for (const value of values) {
    if (typeof value !== "number") throw new TypeError(`Expected ${what} to be numbers but found ${String(value)}`);
    if (!Number.isFinite(value)) {
      throw new RangeError(
        `Expected ${what} to be finite but found ${value}: report a run that diverged beside the mean, not in it`,
      );
    }
  }
}

/** @throws {TypeError | RangeError} for what is no probability between 0 and 1, both excluded */
export function checkConfidence(confidence: number): void {
  if (typeof confidence !== "number")
    throw new TypeError(`Expected confidence to be a number but found ${show(confidence)}`);
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`Expected confidence to lie between 0 and 1 but found ${confidence}: 95 % is 0.95`);
  }
}

/** @throws {RangeError} for what is no positive whole number */
export function checkCount(value: number, what: string): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`Expected ${what} to be a positive integer but found ${value}`);
  }
}
