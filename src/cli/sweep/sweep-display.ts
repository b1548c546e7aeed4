import type { SweepSnapshot } from "../../sweeps/snapshot";
import { newFailures, sweepLine } from "../../session/follow-sweep";
import { formatSeconds } from "../format-amounts";
import type { ProgressOutput } from "../progress-bar";

export interface SweepDisplayOptions {
  /** Where to draw; stderr. */
  readonly output?: ProgressOutput & { readonly rows?: number | undefined };
  /** Milliseconds between two lines where the output is no terminal; 30,000. */
  readonly interval?: number;
  /** Clock in milliseconds; `performance.now`. */
  readonly now?: () => number;
}

/**
 * How a sweep gets on: on a terminal a table of what is being trained, redrawn in place; elsewhere a line every half
 * minute, and one for each trial that fails.
 */
export class SweepDisplay {
  readonly #output: NonNullable<SweepDisplayOptions["output"]>;
  readonly #interval: number;
  readonly #now: () => number;
  readonly #told = new Set<string>();
  #last: string | null = null;
  #lines = 0;
  #drawn = -Infinity;

  constructor(
    readonly name: string,
    options: SweepDisplayOptions = {},
  ) {
    this.#output = options.output ?? process.stderr;
    this.#interval = options.interval ?? 30_000;
    this.#now = options.now ?? (() => performance.now());
  }

  update(state: SweepSnapshot): void {
    const terminal = this.#output.isTTY === true;
    for (const line of newFailures(state, this.#told)) this.say(line);
    if (this.#now() - this.#drawn < (terminal ? 200 : this.#interval)) return;
    this.#drawn = this.#now();
    if (!terminal) {
      this.#last = sweepLine(this.name, state);
      this.#output.write(`${this.#last}\n`);
      return;
    }
    const width = (this.#output.columns ?? 80) - 1;
    const room = Math.max(1, (this.#output.rows ?? 24) - 3);
    const lines = [sweepLine(this.name, state), ...table(state, room)].map((line) => line.slice(0, width));
    this.clear();
    this.#output.write(`${lines.join("\n")}\n`);
    this.#lines = lines.length;
  }

  /** The last word: where things stand, once. */
  end(state: SweepSnapshot): void {
    this.clear();
    const line = sweepLine(this.name, state);
    if (line !== this.#last) this.#output.write(`${line}\n`);
  }

  /** Says something above the table. */
  say(text: string): void {
    this.clear();
    this.#output.write(`${text}\n`);
  }

  /** Takes the table away. */
  clear(): void {
    if (this.#lines > 0) this.#output.write(`\x1b[${this.#lines}A\x1b[0J`);
    this.#lines = 0;
  }
}

/** What is being trained, a row each. */
function table({ rows }: SweepSnapshot, room: number): string[] {
  const shown = rows.filter(({ status }) => status === "running" || status === "held");
  const cells = shown
    .slice(0, room)
    .map((row) => [
      `  ${row.task}`,
      `epoch ${row.epoch} of ${row.last}`,
      row.secondsPerEpoch === null ? "" : `${formatSeconds(row.secondsPerEpoch)} each`,
      row.status === "held"
        ? (row.message ?? "")
        : row.etaSeconds === null
          ? ""
          : `${formatSeconds(row.etaSeconds)} left`,
      row.where ?? "",
    ]);
  const widths = [0, 1, 2, 3, 4].map((at) => Math.max(0, ...cells.map((row) => row[at]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((text, at) => text.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return shown.length > room ? [...lines, `  and ${shown.length - room} more`] : lines;
}
