let last: Promise<unknown> = Promise.resolve();

/** Runs calls that leave the event loop one after the other, in the order in which they were asked for. */
export function enqueue<Result>(call: () => Promise<Result>): Promise<Result> {
  const result = last.then(call);
  last = result.catch(() => undefined);
  return result;
}
