import type { SweepSnapshot } from "../../sweeps/snapshot";
import { newFailures, sweepLine } from "../../session/follow-sweep";
import { formatSeconds } from "../../progress/format-amounts";
import { type ProgressOutput, TextProgress } from "../../progress/text-progress";

export interface SweepDisplayOptions {
  /** Where to draw; stderr. */
  readonly output?: ProgressOutput;
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
  readonly #writer: TextProgress;
  readonly #told = new Set<string>();

  constructor(
    readonly name: string,
    { interval = 30_000, ...options }: SweepDisplayOptions = {},
  ) {
    this.#writer = new TextProgress({ ...options, interval: { terminal: 200, log: interval } });
  }

  update(state: SweepSnapshot): void {
    for (const line of newFailures(state, this.#told)) this.say(line);
    if (!this.#writer.isDue()) return;
    const room = Math.max(1, this.#writer.size.rows - 3);
    this.#writer.draw([sweepLine(this.name, state), ...table(state, room)]);
  }

  /** The last word: where things stand, once. */
  end(state: SweepSnapshot): void {
    this.#writer.end(sweepLine(this.name, state));
  }

  /** Says something above the table. */
  say(text: string): void {
    this.#writer.say(text);
  }

  /** Takes the table away. */
  clear(): void {
    this.#writer.clear();
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
