/** What is thrown where a run has nothing of the epoch that was asked for. */
export function epochOptionError(epoch: unknown, run: string, measured: readonly number[]): RangeError {
  return new RangeError(
    `Expected an epoch that run ${run} measured (${measured.join(", ")}) but found ${String(epoch)}`,
  );
}
