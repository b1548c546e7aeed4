import { formatSeconds } from "./format-amounts";

/** Where a progress bar is drawn; process.stderr, or what a test hands in. */
export interface ProgressOutput {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

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
 * seconds.  What ends is said once, always.
 */
export class ProgressBar {
  private readonly output: ProgressOutput;
  private readonly format: (value: number) => string;
  private readonly interval: number;
  private readonly now: () => number;
  private started: number;
  private startValue: number | null = null;
  private drawn = -Infinity;
  private last: number | null = null;
  private open = false;

  constructor(
    private readonly label: string,
    options: ProgressBarOptions = {},
  ) {
    this.output = options.output ?? process.stderr;
    this.format = options.format ?? String;
    this.interval = options.interval ?? 5000;
    this.now = options.now ?? (() => performance.now());
    this.started = this.now();
  }

  /**
   * Says how far it is.
   *
   * @param total null where it is not known: then neither a bar nor the time that is left is shown
   * @param note put at the end, as "loss 2.31"
   */
  update(value: number, total: number | null, note = ""): void {
    const now = this.now();
    if (this.startValue === null) {
      // What was there before the first call took no time of this run's.
      this.startValue = value;
      this.started = now;
    }
    this.last = total ?? value;
    const terminal = this.output.isTTY === true;
    if (now - this.drawn < (terminal ? 100 : this.interval)) return;
    this.drawn = now;
    const text = this.describe(value, total, now, note);
    if (!terminal) return void this.output.write(`${text}\n`);
    const width = this.output.columns ?? 80;
    const room = width - text.length - 3;
    this.output.write(
      `\r\x1b[2K${(total !== null && room >= 10 ? `${bar(value / total, Math.min(room, 30))} ${text}` : text).slice(0, width - 1)}`,
    );
    this.open = true;
  }

  /** Ends the line with what came out; with how long it took where nothing is given. */
  end(message?: string): void {
    const seconds = (this.now() - this.started) / 1000;
    const total = this.last === null ? "" : ` ${this.format(this.last)}`;
    this.output.write(
      `${this.open ? "\r\x1b[2K" : ""}${message ?? `${this.label}${total} in ${formatSeconds(seconds)}`}\n`,
    );
    this.open = false;
  }

  /** Takes the line away, before an error message for example. */
  clear(): void {
    if (this.open) this.output.write("\r\x1b[2K");
    this.open = false;
  }

  private describe(value: number, total: number | null, now: number, note: string): string {
    const seconds = (now - this.started) / 1000;
    const done = value - (this.startValue ?? 0);
    const words = [this.format(value)];
    if (total !== null)
      words.splice(
        0,
        1,
        `${total > 0 ? Math.floor((100 * value) / total) : 100} %`,
        `${this.format(value)} of ${this.format(total)}`,
      );
    // An estimate from less than half a second is a guess.
    if (done > 0 && seconds > 0.5) {
      words.push(`${this.format(done / seconds)}/s`);
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
