import { kernelInterrupts } from "./kernel-cell";

/**
 * Calls the listener at each interrupt that gradamp's kernel hears, before the cell is interrupted; outside it, never.
 * Unlike `stopOnInterrupt` nobody waits for it.
 *
 * @returns what takes the listener off again
 */
export function onInterrupt(listener: () => void): () => void {
  const interrupts = kernelInterrupts();
  interrupts?.on("requested", listener);
  return () => interrupts?.off("requested", listener);
}
