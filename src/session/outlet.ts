import { displayBundle } from "../cell/display-bundle";
import { kernelCell } from "../cell/kernel-cell";

/** Where progress goes and how often. */
export interface Outlet {
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

/** Where progress goes: into the running cell, replaced in place, or to standard error. */
export function outlet(): Outlet {
  return kernelCell() ? notebookOutlet() : terminalOutlet();
}
