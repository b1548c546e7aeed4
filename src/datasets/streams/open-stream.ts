import { describe } from "../columns/read-numbers";

/** What a function that makes a stream is told. */
export interface StreamEpoch {
  /** Counted from 1; 0 where the samples are looked at beforehand or evaluated. */
  readonly epoch: number;
  /** Of the run's random order, for who shuffles. */
  readonly seed: number;
}

/** A `tf.data.Dataset`, as far as it is used here. */
interface TfDataset {
  iterator(): Promise<{ next(): Promise<IteratorResult<unknown>> }>;
}

type Iterates = Iterable<unknown> | AsyncIterable<unknown> | TfDataset;

/**
 * Batches of samples, one after the other: a `tf.data.Dataset`, a function that makes a generator (sync or async) for
 * each epoch, or a generator itself, which has one epoch.
 */
export type BatchStream = Iterates | ((epoch: StreamEpoch) => Iterates | Promise<Iterates>);

/** How batches are asked for. */
export interface BatchIterator {
  next(): Promise<IteratorResult<unknown>>;
  close(): void;
}

/** What kind of stream it is; null for none. */
export function kindOfStream(given: unknown): "function" | "tf.data" | "generator" | "list" | null {
  if (typeof given === "function") return "function";
  if (typeof given !== "object" || given === null) return null;
  if (typeof (given as Partial<TfDataset>).iterator === "function") return "tf.data";
  if (typeof (given as Partial<Iterator<unknown>>).next === "function") return "generator";
  return Symbol.asyncIterator in given || Symbol.iterator in given ? "list" : null;
}

/** @throws {TypeError} if a function makes nothing that can be gone through */
export async function openStream(stream: BatchStream, epoch: StreamEpoch, what: string): Promise<BatchIterator> {
  const made: unknown = typeof stream === "function" ? await stream(epoch) : stream;
  const kind = kindOfStream(made);
  if (kind === null || kind === "function")
    throw new TypeError(
      `Expected ${what} to be a tf.data.Dataset, or a function that makes a generator of batches, but found one that returns ` +
        `${describe(made)}: write it as async function*() { yield { inputs, targets }; }`,
    );
  if (kind === "tf.data") {
    const iterator = await (made as TfDataset).iterator();
    return { next: () => iterator.next(), close() {} };
  }
  const iterator =
    Symbol.asyncIterator in (made as object)
      ? (made as AsyncIterable<unknown>)[Symbol.asyncIterator]()
      : Symbol.iterator in (made as object)
        ? (made as Iterable<unknown>)[Symbol.iterator]()
        : (made as Iterator<unknown>);
  return {
    next: async () => iterator.next(),
    close() {
      // A generator's finally runs; nobody waits for it, since it may be in the middle of something that never ends.
      void (async () => iterator.return?.())().catch(() => undefined);
    },
  };
}
