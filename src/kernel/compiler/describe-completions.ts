import type { Completions } from "./tslab-compiler";

/** What a client asks for at a place: candidates for what stands between start and end. */
export interface CompletionReply {
  start: number;
  end: number;
  matches: string[];
  /** What each of them is: "function", "property", … */
  kinds: string[];
}

/** Names that are there for the kernel's sake. */
const hidden = new Set(["__gradamp__", "__tslab__", "tsLastExpr"]);

/** Candidates with their kinds, as JupyterLab shows them beside the names. */
export function describeCompletions({ start, end, candidates, original }: Completions): CompletionReply {
  const kindOf = new Map(original?.entries.map(({ name, kind }) => [name, kind as string]));
  const matches = candidates.filter((name) => !hidden.has(name));
  return { start, end, matches, kinds: matches.map((name) => kindOf.get(name) ?? "") };
}
