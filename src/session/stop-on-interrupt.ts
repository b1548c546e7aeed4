import type { Run } from "../training";
import { kernelCell, kernelInterrupts } from "../cell/kernel-cell";

/**
 * Ends a run at its next step boundary, or whatever else can be stopped, when the process is interrupted (Ctrl-C, Jupyter's stop button).
 *
 * A second interrupt has its usual effect, so that nobody is held by a run that does not end.
 *
 * @returns what takes the listener off again; gradamp's kernel interrupts the cell then
 */
export function stopOnInterrupt(run: Pick<Run, "stop">): () => void {
  const stop = () => run.stop();
  const emitter = kernelInterrupts();
  if (emitter) {
    // Stays until the run has ended: the kernel waits for all who listen.
    emitter.on("interrupt", stop);
    return () => emitter.off("interrupt", stop);
  }
  // A plain tslab kernel: while the synchronous part of a cell runs, Node's vm takes SIGINT for itself and afterwards
  // removes listeners that the cell added; one added a turn later stays.
  let released = false;
  const listen = () => {
    if (!released) process.once("SIGINT", stop);
  };
  if (kernelCell()) setImmediate(listen);
  else listen();
  return () => {
    released = true;
    process.off("SIGINT", stop);
  };
}
