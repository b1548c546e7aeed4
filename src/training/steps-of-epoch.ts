/** Steps of an epoch of so many samples; null where a stream does not say how many. */
export const stepsOfEpoch = (size: number | null, batchSize: number): number | null =>
  size === null ? null : Math.ceil(size / batchSize);
