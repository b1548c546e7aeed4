/**
 * What the kernel writes on the pipe that is heard while cells keep their thread busy: a byte for an interrupt, or an
 * answer of the user's with its length before it.
 */
const INTERRUPT = 0x69;
const ANSWER = 0x61;
const NO_ANSWER = 0x6e;

export const interruptBell = (): Buffer => Buffer.of(INTERRUPT);

/** @param value null where the user cannot be asked */
export function answerBell(value: string | null): Buffer {
  if (value === null) return Buffer.of(NO_ANSWER);
  const text = Buffer.from(value, "utf8");
  const head = Buffer.alloc(5);
  head[0] = ANSWER;
  head.writeUInt32LE(text.length, 1);
  return Buffer.concat([head, text]);
}

/** Reads what comes over the pipe, in whatever pieces. */
export class BellReader {
  #rest = Buffer.alloc(0);

  constructor(private readonly told: { interrupts(count: number): void; answer(value: string | null): void }) {}

  take(bytes: Buffer): void {
    let rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let interrupts = 0;
    while (rest.length > 0) {
      if (rest[0] === INTERRUPT) interrupts++;
      else if (rest[0] === NO_ANSWER) this.told.answer(null);
      else {
        const length = rest.length < 5 ? Infinity : rest.readUInt32LE(1);
        if (rest.length < 5 + length) break;
        this.told.answer(rest.toString("utf8", 5, 5 + length));
        rest = rest.subarray(4 + length);
      }
      rest = rest.subarray(1);
    }
    this.#rest = Buffer.from(rest);
    if (interrupts > 0) this.told.interrupts(interrupts);
  }
}
