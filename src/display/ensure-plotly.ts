import { displayBundle } from "../cell/display-bundle";
import { kernelCell } from "../cell/kernel-cell";
import type { KernelCell } from "../cell/running-cell";
import { plotlyHtml } from "../export/html/plotly-inline";

/** The execution whose output carries Plotly. */
let carrier: KernelCell | null = null;

/**
 * Puts Plotly into the output of the running cell unless another cell of the notebook carries it already.
 *
 * Running the carrying cell again wipes its output, so it is put there anew: without that, a notebook saved afterwards
 * would reopen without Plotly. Where the carrying cell could not be told (the one whose execution loaded this module),
 * the next cell with a figure carries it too: 2 MB more, once.
 *
 * @returns Whether it was put there now.
 */
export function ensurePlotly(): boolean {
  const cell = kernelCell();
  if (!cell || cell.write === carrier?.write) return false;
  if (carrier !== null && !mayBeSame(carrier, cell)) return false;
  carrier = cell;
  return displayBundle({ "text/html": plotlyHtml(), "text/plain": "Plotly" });
}

/**
 * Whether a later execution may have wiped the carrier's output. Two unknown ones were sent before this module was
 * loaded, by "run all": they are different cells.
 */
function mayBeSame(carrier: KernelCell, cell: KernelCell): boolean {
  if (carrier.identity === null) return cell.identity !== null;
  return carrier.identity === cell.identity;
}
