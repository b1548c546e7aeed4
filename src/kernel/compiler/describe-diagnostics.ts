import { excerptAt } from "../excerpt-at";
import type { Diagnostic } from "./diagnostic";

/** Something that TypeScript has against a cell. */
export interface Fault {
  /** "Cell [3]:2:15", or a file beside the notebook. */
  place: string;
  /** Several lines where a reason has reasons. */
  message: string;
  /** The line of the cell, with a mark beneath; empty for another file. */
  excerpt: string[];
}

/**
 * Diagnostics as a reader wants them: one for each place, its reasons indented below, with the line it is about.
 *
 * tslab hands the links of a chain of reasons out as diagnostics of their own at the same place.
 */
export function describeDiagnostics(diagnostics: readonly Diagnostic[], code: string, name: string): Fault[] {
  const faults: (Fault & { at: number; links: number })[] = [];
  for (const { fileName, start, end, messageText } of diagnostics) {
    const place = `${fileName ?? name}:${start.line + 1}:${start.character + 1}`;
    const last = faults.at(-1);
    // The links of a chain carry no file name.
    if (last && last.at === start.offset && (fileName === undefined || last.place === place)) {
      last.links++;
      last.message += `\n${"  ".repeat(last.links)}${messageText}`;
      continue;
    }
    const length = end.line === start.line ? Math.max(1, end.character - start.character) : 1;
    const excerpt =
      fileName === undefined ? excerptAt(code, { line: start.line + 1, column: start.character + 1, length }) : [];
    faults.push({ place, message: messageText, excerpt, at: start.offset, links: 0 });
  }
  return faults.map(({ place, message, excerpt }) => ({ place, message, excerpt }));
}
