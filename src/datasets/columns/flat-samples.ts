import { describe, isList } from "./read-numbers";

/** Samples that lie one after the other. */
export interface FlatSamples {
  /** Bytes where they are 8 bits wide. */
  readonly values: ArrayLike<unknown>;
  /** Samples. */
  readonly size: number;
  /** Numbers of a sample. */
  readonly sampleSize: number;
}

/** Numbers of a sample. */
export function sampleSizeOf(sampleShape: readonly number[]): number {
  return sampleShape.reduce((product, length) => product * length, 1);
}

/**
 * What a user gave as one flat array with the shape of a sample.
 *
 * @param what names the samples in errors, such as `train.inputs[0]`
 * @throws {TypeError} for values that are no array
 * @throws {RangeError} for a shape that is none, and for parts of samples
 */
export function flatSamples(values: unknown, sampleShape: readonly number[], what: string): FlatSamples {
  if (!isList(values))
    throw new TypeError(`Expected ${what}.values to be an array of numbers but found ${describe(values)}`);
  if (!isList(sampleShape) || !Array.from(sampleShape).every((size) => Number.isInteger(size) && size > 0))
    throw new RangeError(
      `Expected ${what}.sampleShape to hold whole numbers above 0 but found ${JSON.stringify(sampleShape)}`,
    );
  const sampleSize = sampleSizeOf(sampleShape);
  const size = values.length / sampleSize;
  if (!Number.isInteger(size) || size === 0)
    throw new RangeError(
      `Expected ${what} to hold whole samples of ${sampleSize} numbers ([${sampleShape.join(", ")}]) but found ` +
        `${values.length} numbers`,
    );
  return { values: values instanceof Uint8ClampedArray ? new Uint8Array(values) : values, size, sampleSize };
}
