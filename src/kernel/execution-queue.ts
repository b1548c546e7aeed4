import type { Message } from "./protocol/message";

/** What was sent before a cell failed may still be under way when it has, for this long, in milliseconds. */
const underWay = 250;

/**
 * The cells that wait for their turn.
 *
 * After a failure, those that were sent before its client could know of it are aborted: "run all" sends every cell at
 * once.
 */
export class ExecutionQueue {
  readonly #waiting: Message[] = [];
  #failedAt = -Infinity;

  /** @returns false where the cell must be aborted instead */
  add(request: Message): boolean {
    const sent = Date.parse(request.header.date);
    if (sent < this.#failedAt && Date.now() < this.#failedAt + underWay) return false;
    this.#waiting.push(request);
    return true;
  }

  next(): Message | null {
    return this.#waiting.shift() ?? null;
  }

  /**
   * A cell has failed.
   *
   * @param at when its client was told
   * @returns what must be aborted: all that was sent before that
   */
  fail(at: number): Message[] {
    this.#failedAt = at;
    const all = this.#waiting.splice(0);
    const later = (request: Message) => Date.parse(request.header.date) >= at;
    this.#waiting.push(...all.filter(later));
    return all.filter((request) => !later(request));
  }
}
