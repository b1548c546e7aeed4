import { totalmem } from "node:os";

import { formatBytes } from "../../progress/format-amounts";

/**
 * What SIGKILL most likely means, to be put behind it: nobody but the system for want of memory, and people, send it.
 *
 * @param peak bytes that the process had taken when it was last looked at; null where that is not known
 */
export function memoryWords(signal: NodeJS.Signals, peak: number | null): string {
  if (signal !== "SIGKILL") return "";
  const taken =
    peak === null ? "" : ` (it had taken ${formatBytes(peak)} of this machine's ${formatBytes(totalmem())})`;
  return `, most likely by the system for want of memory${taken}: say by --memory how much a trial takes, or run fewer at a time by --jobs`;
}
