import type { TypeScript } from "./typescript";

/** What a cell says of itself in a comment at its top: `/** @module name *\/` makes it a module for others. */
export interface CellMetadata {
  module: string | null;
  isForBrowser: boolean;
  /** Whether it holds parameters of the notebook, given from outside. */
  isParameters: boolean;
  /** Whether a module's file may hold JSX. */
  jsx: boolean;
}

/** Reads the documentation comments at the top of a cell, as tslab has them. */
export function metadataOf(ts: TypeScript, code: string): CellMetadata {
  const comments = (ts.getLeadingCommentRanges(code, 0) ?? [])
    .map(({ pos, end }) => code.slice(pos, end))
    .filter((comment) => comment.startsWith("/**"))
    .join("\n");
  const has = (tag: string) => new RegExp(`@${tag}\\b`).test(comments);
  return {
    module: /@module[ \t]+(\w+)[ \t]*(?:\r?\n|\*\/)/.exec(comments)?.[1] ?? null,
    isForBrowser: has("browser"),
    isParameters: has("parameters"),
    jsx: has("jsx"),
  };
}
