import type * as typescript from "typescript";

/** What a client asks for at a place: candidates for what stands between start and end. */
export interface CompletionReply {
  start: number;
  end: number;
  matches: string[];
  /** What each of them is: "function", "property", … */
  kinds: string[];
}

/** Names that are there for the kernel's sake. */
const hidden = new Set(["__gradamp__", "exports", "tsLastExpr"]);

/**
 * Candidates for the name at a place, with their kinds, as JupyterLab shows them beside the names: first those that begin
 * with what stands there, then those that do so in other letters, then those that have it in them.
 */
export function describeCompletions(
  code: string,
  position: number,
  entries: readonly typescript.CompletionEntry[],
): CompletionReply {
  const before = /[\p{ID_Continue}$#\u200c\u200d]*$/u.exec(code.slice(0, position))?.[0] ?? "";
  const behind = /^[\p{ID_Continue}$\u200c\u200d]*/u.exec(code.slice(position))?.[0] ?? "";
  const name = before + behind;
  const lower = name.toLowerCase();
  const rank = (candidate: string): number => {
    if (candidate.startsWith(name)) return 0;
    const at = candidate.toLowerCase().indexOf(lower);
    return at === 0 ? 1 : at > 0 ? 2 : 3;
  };
  const sorted = entries
    .map((entry) => ({ ...entry, rank: rank(entry.name) }))
    .filter((entry) => entry.rank < 3 && !hidden.has(entry.name))
    .sort((a, b) => a.rank - b.rank || compare(a.sortText, b.sortText) || (name === "" ? compare(a.name, b.name) : 0));
  return {
    start: position - before.length,
    end: position + behind.length,
    matches: sorted.map((entry) => entry.name),
    kinds: sorted.map((entry) => entry.kind),
  };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
