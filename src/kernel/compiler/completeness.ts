import type { TypeScript } from "./typescript";

/** Whether code can be run as it stands, could be with more lines, or never can. */
export type Completeness = { status: "complete" | "invalid" } | { status: "incomplete"; indent: string };

/** Diagnostics of what more lines can end: a comment and a template. */
const UNENDED = new Set([1010, 1160]);

/** What a terminal asks when Enter is pressed: whether to run the code or to go on with another line, and how far in. */
export function completeness(ts: TypeScript, code: string): Completeness {
  const { diagnostics = [] } = ts.transpileModule(code, {
    fileName: "cell.ts",
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
  });
  const faults = diagnostics.filter(({ file }) => file !== undefined);
  if (faults.length === 0) return { status: "complete" };
  const end = code.trimEnd().length;
  const [first] = faults;
  const isOpen = first !== undefined && (UNENDED.has(first.code) || (first.start ?? 0) + (first.length ?? 0) > end || (first.start ?? 0) >= end); // prettier-ignore
  // A string or a regular expression ends on its line or never.
  if (!isOpen || first.code === 1002 || first.code === 1161) return { status: "invalid" };
  return { status: "incomplete", indent: "  ".repeat(depthAt(ts, code)) };
}

/** How many brackets are open at the end of code. */
function depthAt(ts: TypeScript, code: string): number {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, code);
  const { OpenBraceToken, OpenBracketToken, OpenParenToken, CloseBraceToken, CloseBracketToken, CloseParenToken } = ts.SyntaxKind; // prettier-ignore
  let depth = 0;
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    if (kind === OpenBraceToken || kind === OpenBracketToken || kind === OpenParenToken) depth++;
    else if (kind === CloseBraceToken || kind === CloseBracketToken || kind === CloseParenToken) depth--;
  }
  return Math.max(0, depth);
}
