import { EventEmitter } from "node:events";
import { addFrame } from "./add-frame";
import { sharedState, type SharedState } from "./shared-state";

/** Thrown into the code of a cell that is interrupted. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  constructor() {
    super("The cell was interrupted");
  }
}

/**
 * Interrupts, as the code of cells meets them.
 *
 * The compiler puts `check()` into every loop of a cell and leads every `await` through `wait()`, so that an interrupt is
 * an exception at one of those places: `finally` runs, and no code goes on behind the notebook's back.
 *
 * Work that ends by itself at a boundary of its own, as training does, listens to the event `interrupt` for as long as it
 * runs. It is waited for: the cell gets its result, and is interrupted after that, at its next `await`. A second
 * interrupt waits for nobody.
 */
export class Interrupts extends EventEmitter {
  readonly #shared: SharedState;
  readonly #waiting = new Set<(reason: Error) => void>();
  #seen = 0;
  #phase: "none" | "requested" | "raised" = "none";
  #cellRuns = false;

  constructor(shared: SharedState) {
    super({ captureRejections: false });
    this.setMaxListeners(0);
    this.#shared = shared;
    this.on("removeListener", (event) => {
      // The result of what has just ended reaches the cell in this turn.
      if (event === "interrupt" && this.#phase === "requested" && this.listenerCount("interrupt") === 0)
        setImmediate(() => this.#raise());
    });
  }

  /** Whether the running cell has been interrupted. */
  get requested(): boolean {
    return this.#phase !== "none";
  }

  /** Hears what was asked for and has not been heard yet; returns whether the running cell is interrupted. */
  notice(): boolean {
    this.hear(Atomics.load(this.#shared, sharedState.requests));
    return this.requested;
  }

  begin(): void {
    this.#phase = "none";
    this.#cellRuns = true;
  }

  end(): void {
    this.#phase = "none";
    this.#cellRuns = false;
  }

  /** Told by the kernel; `request` counts the interrupts of this process from 1. */
  hear(request: number): void {
    if (request <= this.#seen) return;
    this.#seen = request;
    Atomics.store(this.#shared, sharedState.noticed, request);
    if (this.#phase === "none") {
      this.#phase = "requested";
      this.emit("requested");
      this.emit("interrupt");
      if (this.listenerCount("interrupt") === 0) this.#raise();
    } else this.#raise();
  }

  /**
   * Called by the loops of cells.
   *
   * @throws {Interrupted} if the cell has been interrupted, unless work that ends by itself is still waited for
   */
  readonly check = (): void => {
    if (this.#phase === "none" && Atomics.load(this.#shared, sharedState.requests) === this.#seen) return;
    this.hear(Atomics.load(this.#shared, sharedState.requests));
    if (this.#phase === "raised") throw new Interrupted();
  };

  /**
   * Called by every `await` of cells before what is awaited begins.
   *
   * @throws {Interrupted} if the cell has been interrupted
   */
  readonly pause = (): void => {
    this.check();
    if (this.#phase !== "none" && this.#cellRuns) throw new Interrupted();
  };

  /**
   * Every `await` of cells awaits this: what it awaits, or an interrupt.
   *
   * @param where the place of the `await`, which its error's stack would not name
   */
  readonly wait = (awaited: unknown, where: string): unknown => {
    const { then } = (awaited ?? {}) as PromiseLike<unknown>;
    if (typeof then !== "function") return awaited;
    return new Promise((resolve, reject) => {
      const stop = (reason: Error) => {
        addFrame(reason, where);
        reject(reason);
      };
      this.#waiting.add(stop);
      then.call(
        awaited,
        (value: unknown) => {
          this.#waiting.delete(stop);
          resolve(value);
        },
        (reason: unknown) => {
          this.#waiting.delete(stop);
          addFrame(reason, where);
          reject(reason as Error);
        },
      );
    });
  };

  /** Every `for await` of cells runs over this. */
  readonly each = (iterable: AsyncIterable<unknown> | Iterable<unknown>, where: string): AsyncIterable<unknown> => {
    const iterator =
      Symbol.asyncIterator in iterable
        ? iterable[Symbol.asyncIterator]()
        : (async function* () {
            yield* iterable;
          })();
    const watched: AsyncIterator<unknown> = {
      next: async () => {
        this.pause();
        return (await this.wait(iterator.next(), where)) as IteratorResult<unknown>;
      },
      return: async (value?: unknown) => (await iterator.return?.(value)) ?? { done: true, value },
    };
    return { [Symbol.asyncIterator]: () => watched };
  };

  #raise(): void {
    if (this.#phase === "none") return;
    this.#phase = "raised";
    for (const stop of this.#waiting) {
      const reason = new Interrupted();
      // Where it comes from is nobody's code; each `await` adds its place.
      reason.stack = String(reason);
      stop(reason);
    }
    this.#waiting.clear();
    this.emit("raised");
    // What runs between cells is interrupted once; there is no end of a cell to forget it.
    if (!this.#cellRuns) setImmediate(() => this.#cellRuns || this.end());
  }
}
