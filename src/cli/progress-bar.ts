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
  private last: { value: number; total: number } | null = null;
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

  /** Says how far it is. `note` is put at the end, `11 of 47 images wrong`. */
  update(value: number, total: number, note = ""): void {
    const now = this.now();
    if (this.startValue === null) {
      // What was there before the first call took no time of this run's.
      this.startValue = value;
      this.started = now;
    }
    this.last = { value, total };
    const terminal = this.output.isTTY === true;
    if (now - this.drawn < (terminal ? 100 : this.interval)) return;
    this.drawn = now;
    const text = this.describe(value, total, now, note);
    if (!terminal) return void this.output.write(`${text}\n`);
    const width = this.output.columns ?? 80;
    const room = width - text.length - 3;
    this.output.write(
      `\r\x1b[2K${(room >= 10 ? `${bar(value / total, Math.min(room, 30))} ${text}` : text).slice(0, width - 1)}`,
    );
    this.open = true;
  }

  /** Ends the line with what came out; with how long it took where nothing is given. */
  finish(message?: string): void {
    const seconds = (this.now() - this.started) / 1000;
    const total = this.last ? ` ${this.format(this.last.total)}` : "";
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

  private describe(value: number, total: number, now: number, note: string): string {
    const seconds = (now - this.started) / 1000;
    const done = value - (this.startValue ?? 0);
    const percent = total > 0 ? Math.floor((100 * value) / total) : 100;
    const words = [`${this.label} ${percent} %`, `${this.format(value)} of ${this.format(total)}`];
    // An estimate from less than half a second is a guess.
    if (done > 0 && seconds > 0.5) {
      words.push(`${this.format(done / seconds)}/s`);
      if (value < total) words.push(`${formatSeconds(((total - value) * seconds) / done)} left`);
    }
    if (note) words.push(note);
    return words.join(", ");
  }
}

function bar(fraction: number, width: number): string {
  const full = Math.round(Math.max(0, Math.min(1, fraction)) * width);
  return `${"█".repeat(full)}${"░".repeat(width - full)}`;
}

/** 273829956 → "273.8 MB". */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const unit = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** unit;
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** 3725 → "1 h 02 min", 62 → "1 min 02 s", 9.4 → "9 s". */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return seconds < 9.95 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}
