import { formatSeconds } from "./format-amounts";
import { type ProgressOutput, TextProgress } from "./text-progress";

export interface ProgressBarOptions {
  /** Where to draw; stderr, so that stdout stays for results. */
  readonly output?: ProgressOutput;
  /** The count in words; as it stands. For bytes: `formatBytes`. */
  readonly format?: (value: number) => string;
  /** Milliseconds between two lines where the output is no terminal; 5000. */
  readonly interval?: number;
  /** Clock in milliseconds; `performance.now`. */
  readonly now?: () => number;
}

/**
 * A line that says how far something is, how fast and how long it still takes.
 *
 * On a terminal it is redrawn in place ten times a second at most; elsewhere (a log, a pipe) it is a plain line every few
 * seconds. What ends is said once, always.
 */
export class ProgressBar {
  readonly #writer: TextProgress;
  readonly #format: (value: number) => string;
  readonly #now: () => number;
  #started: number;
  #startValue: number | null = null;
  #last: number | null = null;

  constructor(
    private readonly label: string,
    { output, format = String, interval = 5000, now = () => performance.now() }: ProgressBarOptions = {},
  ) {
    this.#writer = new TextProgress({ ...(output && { output }), interval: { terminal: 100, log: interval }, now });
    this.#format = format;
    this.#now = now;
    this.#started = now();
  }

  /**
   * Says how far it is.
   *
   * @param total null where it is not known: then neither a bar nor the time that is left is shown
   * @param note put at the end, as "loss 2.31"
   */
  update(value: number, total: number | null, note = ""): void {
    const now = this.#now();
    if (this.#startValue === null) {
      // What was there before the first call took no time of this run's.
      this.#startValue = value;
      this.#started = now;
    }
    this.#last = total ?? value;
    if (!this.#writer.isDue()) return;
    const text = this.#describe(value, total, now, note);
    const room = this.#writer.size.columns - text.length - 2;
    const drawn = this.#writer.isTerminal && total !== null && room >= 10;
    this.#writer.draw([drawn ? `${bar(value / total, Math.min(room, 30))} ${text}` : text]);
  }

  /** Ends the line with what came out; with how long it took where nothing is given. */
  end(message?: string): void {
    const seconds = (this.#now() - this.#started) / 1000;
    const total = this.#last === null ? "" : ` ${this.#format(this.#last)}`;
    this.#writer.end(message ?? `${this.label}${total} in ${formatSeconds(seconds)}`);
  }

  /** Takes the line away, before an error message for example. */
  clear(): void {
    this.#writer.clear();
  }

  #describe(value: number, total: number | null, now: number, note: string): string {
    const seconds = (now - this.#started) / 1000;
    const done = value - (this.#startValue ?? 0);
    const words = [this.#format(value)];
    if (total !== null)
      words.splice(
        0,
        1,
        `${total > 0 ? Math.floor((100 * value) / total) : 100} %`,
        `${this.#format(value)} of ${this.#format(total)}`,
      );
    // An estimate from less than half a second is a guess.
    if (done > 0 && seconds > 0.5) {
      words.push(`${this.#format(done / seconds)}/s`);
      if (total !== null && value < total) words.push(`${formatSeconds(((total - value) * seconds) / done)} left`);
    }
    if (note) words.push(note);
    return `${this.label} ${words.join(", ")}`;
  }
}

function bar(fraction: number, width: number): string {
  const full = Math.round(Math.max(0, Math.min(1, fraction)) * width);
  return `${"█".repeat(full)}${"░".repeat(width - full)}`;
}

/**
 * A progress bar on stderr.
 *
 * @param label what is going on, as "cifar-100"
 * @param format the count in words, as `formatBytes`
 */
export function progressBar(label: string, format: (value: number) => string = String): ProgressBar {
  return new ProgressBar(label, { format });
}
