/** A line on standard error that shows how far something is, how fast and how long it will take. */
export interface ProgressBar {
  update(done: number, total: number | null): void;
  /** Ends the line. */
  end(): void;
}

const WIDTH = 24;

/**
 * A bar that redraws itself on a terminal, and otherwise writes a plain line at every tenth.
 *
 * @param label what is going on, such as "cifar-100"
 * @param format how an amount is written, such as "12.3 MB"
 */
export function progressBar(
  label: string,
  format: (amount: number) => string = String,
  stream: NodeJS.WriteStream = process.stderr,
): ProgressBar {
  const started = performance.now();
  let first: number | null = null;
  let drawn = -Infinity;
  let tenth = -1;
  return {
    update(done, total) {
      // What was there before counts as done, but not as speed.
      first ??= done;
      const now = performance.now();
      const share = total ? Math.min(1, done / total) : 0;
      const seconds = (now - started) / 1000;
      const speed = (done - first) / Math.max(seconds, 1e-3);
      const rest = total && speed > 0 ? `, ${duration((total - done) / speed)} left` : "";
      const amounts = `${format(done)}${total ? ` of ${format(total)}` : ""}, ${format(speed)}/s${rest}`;
      if (stream.isTTY) {
        if (now - drawn < 100 && done !== total) return;
        drawn = now;
        const bar = total ? `[${"=".repeat(Math.round(share * WIDTH)).padEnd(WIDTH)}] ` : "";
        stream.write(`\r\u001b[K${label} ${bar}${amounts}`);
      } else if (Math.floor(share * 10) > tenth) {
        tenth = Math.floor(share * 10);
        stream.write(`${label} ${total ? `${tenth * 10} % ` : ""}${amounts}\n`);
      }
    },
    end() {
      if (stream.isTTY && drawn > -Infinity) stream.write("\n");
    },
  };
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}
