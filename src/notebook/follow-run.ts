import type { Progress, Run } from "../training";
import { displayBundle } from "./display-bundle";
import { duration } from "./duration";
import { kernelCell } from "./kernel-cell";
import { isWatched } from "./live/watched-runs";

/** Where progress goes and how often. */
interface Outlet {
  /** Least time between two lines, in milliseconds. */
  readonly interval: number;
  line(text: string, last: boolean): void;
}

/** One output of the cell, replaced in place. */
function notebookOutlet(): Outlet {
  const displayId = `progress-${process.hrtime.bigint()}`;
  let shown = false;
  return {
    interval: 500,
    line(text) {
      displayBundle({ "text/plain": text }, { displayId, update: shown });
      shown = true;
    },
  };
}

/** One line on a terminal, written over; a line now and then where standard error is a file. */
function terminalOutlet(): Outlet {
  if (!process.stderr.isTTY) return { interval: 10_000, line: (text) => process.stderr.write(`${text}\n`) };
  return {
    interval: 200,
    line: (text, last) =>
      process.stderr.write(`\r${text.slice(0, process.stderr.columns - 1)}\x1b[K${last ? "\n" : ""}`),
  };
}

function progressLine(name: string, progress: Progress, accuracy: number | null): string {
  const { epoch, epochs, step, steps, imagesPerSecond, etaSeconds, loss } = progress;
  const scores = [
    `loss ${loss.toFixed(3)}`,
    accuracy === null ? null : `accuracy ${(100 * accuracy).toFixed(1)} %`,
  ].filter((score) => score !== null);
  return [
    `${name}: epoch ${epoch}/${epochs}, step ${step}/${steps}`,
    ...scores,
    `${imagesPerSecond.toFixed(0)} images/s`,
    `${duration(etaSeconds)} left`,
  ].join(" · ");
}

/**
 * Shows how a run gets on, in the running cell of a notebook or on standard error: epoch, step, loss, images per second
 * and the time that is left.  Runs of under two seconds stay silent but for warnings.
 *
 * @returns what ends the following
 */
export function followRun(run: Run): () => void {
  const outlet = kernelCell() ? notebookOutlet() : terminalOutlet();
  let last = performance.now();
  let wrote = false;
  const endings = [
    run.on("progress", (progress) => {
      const now = performance.now();
      // A dashboard tells more.
      if (isWatched(run) || progress.seconds < 2 || now - last < outlet.interval) return;
      last = now;
      wrote = true;
      const row = run.epochs.at(-1);
      outlet.line(progressLine(run.name, progress, row?.validationAccuracy ?? row?.testAccuracy ?? null), false);
    }),
    run.on("warning", (text) =>
      process.stderr.write(`${wrote && process.stderr.isTTY ? "\n" : ""}${run.name}: ${text}\n`),
    ),
    run.on("end", ({ status }) => {
      if (!wrote || isWatched(run)) return;
      const row = run.epochs.at(-1);
      const loss = row ? ` · loss ${row.trainLoss.toFixed(3)}` : "";
      outlet.line(`${run.name}: ${status} after ${run.epochs.length} epochs${loss}`, true);
    }),
  ];
  return () => {
    for (const end of endings) end();
  };
}
