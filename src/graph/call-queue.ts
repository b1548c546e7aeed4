let last: Promise<unknown> = Promise.resolve();

/** Runs calls that leave the event loop one after the other, in the order in which they were asked for. */
export function enqueue<Result>(call: () => Promise<Result>): Promise<Result> {
  const result = last.then(call);
  last = result.catch(() => undefined);
  return result;
}

/** The queued calls of something that is freed once it is closed and none of them is left. */
export class Calls {
  #open = 0;
  #closed = false;

  constructor(
    readonly what: string,
    readonly free: () => void,
  ) {}

  get isClosed(): boolean {
    return this.#closed;
  }

  async run<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.#closed) throw new Error(`Expected ${this.what} that is in use but it has been disposed of: make it anew`);
    this.#open++;
    try {
      return await enqueue(call);
    } finally {
      this.#open--;
      if (this.#closed) this.#freeIfIdle();
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#freeIfIdle();
  }

  #freeIfIdle(): void {
    if (this.#open === 0) this.free();
  }
}
