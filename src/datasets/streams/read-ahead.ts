import type { Part, PartReader } from "../types";

/** Parts that are ready, or being made so, beside the one that is in use. */
const AHEAD = 2;

/**
 * Reads parts before they are asked for, a few and no more, so that who uses them need not wait.
 *
 * @param source gives null again and again at its end
 */
export function readAhead(source: PartReader): PartReader {
  const ready: Promise<Part | null>[] = [];
  let latest: Promise<unknown> = Promise.resolve();
  let isClosed = false;
  const fill = () => {
    while (!isClosed && ready.length < AHEAD) {
      const next = latest.then(async () => {
        const part = isClosed ? null : await source.next();
        if (!isClosed) return part;
        part?.dispose();
        return null;
      });
      // What fails is told to who asks for that part.
      latest = next.catch(() => undefined);
      ready.push(next);
    }
  };
  return {
    async next() {
      fill();
      const next = ready.shift() ?? Promise.resolve(null);
      fill();
      return next;
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      source.close();
      for (const next of ready.splice(0)) next.then((part) => part?.dispose(), () => undefined); // prettier-ignore
    },
  };
}

/** Who reads a split: each reads ahead, and all end with it. */
export class SplitReaders {
  readonly #open = new Set<PartReader>();

  /** @returns what reads ahead from a source, until it is closed or all are */
  read(source: PartReader): PartReader {
    const reader = readAhead(source);
    this.#open.add(reader);
    return {
      next: () => reader.next(),
      close: () => {
        this.#open.delete(reader);
        reader.close();
      },
    };
  }

  closeAll(): void {
    for (const reader of this.#open) reader.close();
    this.#open.clear();
  }
}
