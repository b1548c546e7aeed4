import { readFileSync } from "node:fs";
import { relative } from "node:path";

import { root } from "./committed-text";

/** A piece of TypeScript that a reader is meant to copy. */
export interface CodeBlock {
  /** The file that it stands in, from the repository's root. */
  file: string;
  /** The line of the file at which its code begins, from 1. */
  line: number;
  code: string;
  /** False where only the types are to be checked. */
  run: boolean;
}

/**
 * The blocks of a Markdown file fenced by three backticks and `ts`. What else stands behind the fence: "ts no-run" is
 * type-checked but not run, "ts skip" is neither.
 */
export function markdownBlocks(path: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { info: string; line: number; code: string[] } | null = null;
  readFileSync(path, "utf8")
    .split("\n")
    .forEach((text, i) => {
      const [, info] = /^```(.*)$/.exec(text) ?? [];
      if (open === null) {
        if (info !== undefined) open = { info: info.trim(), line: i + 2, code: [] };
      } else if (info === undefined) open.code.push(text);
      else {
        const words = open.info.split(/\s+/);
        if (["ts", "typescript"].includes(words[0] ?? "") && !words.includes("skip")) {
          const { line, code } = open;
          blocks.push({ file: relative(root, path), line, code: code.join("\n"), run: !words.includes("no-run") });
        }
        open = null;
      }
    });
  return blocks;
}

/** The `@example` blocks of a source file's TSDoc comments; a fence around the code is taken off. */
export function exampleBlocks(path: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  const lines = readFileSync(path, "utf8").split("\n");
  for (let i = 0; i < lines.length; i++) {
    const [, caption] = /^\s*\*\s*@example\b(.*)$/.exec(lines[i] ?? "") ?? [];
    if (caption === undefined) continue;
    const start = i + 1;
    const code: string[] = [];
    for (i = start; i < lines.length; i++) {
      const text = lines[i] ?? "";
      if (/\*\/\s*$/.test(text) || /^\s*\*\s*@\w+/.test(text)) break;
      const body = text.replace(/^\s*\* ?/, "");
      code.push(/^```/.test(body) ? "" : body);
    }
    // The loop's own step would pass over an @example right behind this one.
    i--;
    blocks.push({ file: relative(root, path), line: start + 1, code: code.join("\n").trimEnd(), run: true });
  }
  return blocks;
}
