/**
 * An option's value as a whole number.
 *
 * @throws {RangeError} for anything else
 */
export function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new RangeError(`Expected ${option} to be a whole number of at least ${least} but found ${text}`);
  return value;
}
