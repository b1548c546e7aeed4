import { random, type Random } from "../batches/random";
import { sampleSizeOf } from "../columns/flat-samples";
import { hostArray, type HostColumn } from "./host-column";
import type { ColumnKind } from "../types";
import type { HostBatch } from "./read-batch";

/**
 * Samples of a stream one by one, in its order or, with a buffer, at random out of so many that are held at a time: each
 * sample drawn makes room for the next of the stream.
 */
export class SampleQueue {
  readonly #pull: () => Promise<HostBatch | null>;
  readonly #sizes: readonly number[];
  readonly #buffer: readonly HostColumn["values"][];
  readonly #capacity: number;
  readonly #random: Random;
  #held = 0;
  #batch: HostBatch | null = null;
  #at = 0;
  #isOver = false;

  /**
   * @param pull the next batch; null at the end
   * @param shuffle how many samples are held, and what draws among them; null for the stream's own order
   */
  constructor(
    pull: () => Promise<HostBatch | null>,
    kinds: readonly ColumnKind[],
    shuffle: { readonly buffer: number; readonly keys: readonly number[] } | null,
  ) {
    this.#pull = pull;
    this.#sizes = kinds.map(({ sampleShape }) => sampleSizeOf(sampleShape));
    this.#capacity = shuffle?.buffer ?? 0;
    this.#buffer = kinds.map((kind, at) => hostArray(kind, this.#capacity * this.#sizes[at]!));
    this.#random = random(...(shuffle?.keys ?? [0]));
  }

  /** Moves the next samples to the places from `first` to `last` of arrays; returns how many there were. */
  async take(into: readonly HostColumn["values"][], last: number): Promise<number> {
    let filled = 0;
    while (filled < last && (await this.hasMore())) {
      if (this.#capacity > 0) {
        const drawn = this.#random.integer(this.#held);
        this.#copy(this.#buffer, drawn, into, filled++);
        if (this.#batch) this.#copyFromBatch(this.#buffer, drawn);
        else if (drawn < --this.#held) this.#copy(this.#buffer, this.#held, this.#buffer, drawn);
      } else {
        const batch = this.#batch!;
        const count = Math.min(last - filled, batch.size - this.#at);
        batch.columns.forEach(({ values }, column) => {
          const size = this.#sizes[column]!;
          into[column]!.set(values.subarray(this.#at * size, (this.#at + count) * size), filled * size);
        });
        filled += count;
        this.#at += count;
        if (this.#at === batch.size) this.#batch = null;
      }
    }
    return filled;
  }

  /** Whether samples are left; waits for the stream to say. */
  async hasMore(): Promise<boolean> {
    while (!this.#batch && !this.#isOver) await this.#next();
    // Before the first is drawn the buffer is full, or holds all there are.
    while (this.#held < this.#capacity && this.#batch) {
      this.#copyFromBatch(this.#buffer, this.#held++);
      while (!this.#batch && !this.#isOver) await this.#next();
    }
    return this.#held > 0 || this.#batch !== null;
  }

  async #next(): Promise<void> {
    this.#batch = await this.#pull();
    this.#at = 0;
    this.#isOver = this.#batch === null;
  }

  #copyFromBatch(into: readonly HostColumn["values"][], to: number): void {
    const { columns, size } = this.#batch!;
    this.#copy(
      columns.map(({ values }) => values),
      this.#at++,
      into,
      to,
    );
    if (this.#at === size) this.#batch = null;
  }

  #copy(from: readonly HostColumn["values"][], at: number, into: readonly HostColumn["values"][], to: number): void {
    this.#sizes.forEach((size, column) =>
      into[column]!.set(from[column]!.subarray(at * size, (at + 1) * size), to * size),
    );
  }
}
