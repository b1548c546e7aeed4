import { displayBundle } from "../cell/display-bundle";
import { kernelCell } from "../cell/kernel-cell";
import type { ProgressWriter } from "../progress/progress-writer";
import { TextProgress } from "../progress/text-progress";

/** One output of the cell, replaced in place twice a second at most. */
function cellProgress(): ProgressWriter {
  const displayId = `progress-${process.hrtime.bigint()}`;
  let drawn: number | null = null;
  const draw = (lines: readonly string[]) => {
    displayBundle({ "text/plain": lines[0] ?? "" }, { displayId, update: drawn !== null });
    drawn = performance.now();
  };
  return {
    isDue: () => drawn === null || performance.now() - drawn >= 500,
    draw,
    say: (text) => process.stderr.write(`${text}\n`),
    end: (text) => draw([text]),
    clear: () => undefined,
  };
}

/** Where progress is shown in this process: in the running cell, or on standard error. */
export function progressHere(): ProgressWriter {
  return kernelCell() ? cellProgress() : new TextProgress({ interval: { terminal: 200, log: 10_000 } });
}
