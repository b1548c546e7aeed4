import { visibleText } from "./visible-text";
import type { ProgressWriter } from "./progress-writer";

/** Where progress is written; process.stderr, or what a test hands in. */
export interface ProgressOutput {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
}

export interface TextProgressOptions {
  /** Where it is written. Default: stderr, so that stdout stays for results. */
  readonly output?: ProgressOutput;
  /** Milliseconds between two drawings on a terminal (100) and in a log (5000). */
  readonly interval?: { readonly terminal: number; readonly log: number };
  /** Clock in milliseconds; `performance.now`. */
  readonly now?: () => number;
}

/**
 * Progress as text: on a terminal lines that are redrawn in place, in a log or a pipe a plain line now and then.
 */
export class TextProgress implements ProgressWriter {
  readonly #output: ProgressOutput;
  readonly #interval: { readonly terminal: number; readonly log: number };
  readonly #now: () => number;
  #drawn = -Infinity;
  /** What takes away the lines that stand on the terminal now. */
  #erase = "";
  #last = "";

  constructor({ output = process.stderr, interval, now = () => performance.now() }: TextProgressOptions = {}) {
    this.#output = output;
    this.#interval = interval ?? { terminal: 100, log: 5000 };
    this.#now = now;
  }

  get isTerminal(): boolean {
    return this.#output.isTTY === true;
  }

  /** How many characters and lines there is room for. */
  get size(): { readonly columns: number; readonly rows: number } {
    return { columns: (this.#output.columns ?? 80) - 1, rows: this.#output.rows ?? 24 };
  }

  isDue(): boolean {
    return this.#now() - this.#drawn >= (this.isTerminal ? this.#interval.terminal : this.#interval.log);
  }

  draw(lines: readonly string[]): void {
    this.#drawn = this.#now();
    const plain = lines.map(visibleText);
    const [first = ""] = plain;
    if (!this.isTerminal) return this.#line(first);
    const shown = plain.map((line) => line.slice(0, this.size.columns));
    if (shown.length > 1) {
      this.clear();
      this.#output.write(`${shown.join("\n")}\n`);
      this.#erase = `\x1b[${shown.length}A\x1b[0J`;
    } else {
      this.#output.write(`${this.#erase || ERASE_LINE}${shown.join("")}`);
      this.#erase = ERASE_LINE;
    }
  }

  say(text: string): void {
    this.clear();
    this.#output.write(`${visibleText(text)}\n`);
  }

  end(words: string): void {
    const text = visibleText(words);
    const erase = this.#erase;
    this.#erase = "";
    if (text === this.#last) this.#output.write(erase);
    else this.#output.write(`${erase}${text}\n`);
  }

  clear(): void {
    if (this.#erase) this.#output.write(this.#erase);
    this.#erase = "";
  }

  #line(text: string): void {
    this.#output.write(`${text}\n`);
    this.#last = text;
  }
}

const ERASE_LINE = "\r\x1b[2K";
