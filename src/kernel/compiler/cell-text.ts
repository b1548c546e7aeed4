import type * as typescript from "@tslab/typescript-for-tslab";
import type { TypeScript } from "./typescript";

/**
 * A cell as tslab bears it: what it would stumble over, though it means nothing more in a cell, is blanked out, so that
 * every place stays where it was.
 *
 * - `export` before a declaration: all that a cell declares is there for the others. `export { x } from "m"` imports.
 * - `with { type: "json" }` behind an import, which this TypeScript does not know yet.
 */
export function cellText(ts: TypeScript, code: string): string {
  const text = code.replace(ATTRIBUTES, (_, statement: string, attributes: string) => statement + blank(attributes));
  if (!/\bexport\b/.test(text)) return text;
  const file = ts.createSourceFile("cell.ts", text, ts.ScriptTarget.Latest, true);
  const edits: { start: number; end: number; to: string }[] = [];
  const drop = (node: typescript.Node) => edits.push({ start: node.getStart(file), end: node.end, to: "" });
  for (const statement of file.statements) {
    if (ts.isExportDeclaration(statement)) {
      const named = statement.exportClause;
      const keyword = statement.getStart(file);
      if (!statement.moduleSpecifier) drop(statement);
      else if (named) edits.push({ start: keyword, end: keyword + "export".length, to: "import" });
    } else if (ts.isExportAssignment(statement) && !statement.isExportEquals) {
      edits.push({ start: statement.getStart(file), end: statement.expression.getStart(file), to: "" });
    } else if (ts.canHaveModifiers(statement)) {
      const isNamed = !("name" in statement) || statement.name !== undefined;
      for (const modifier of ts.getModifiers(statement) ?? []) {
        const { kind } = modifier;
        if (isNamed && (kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword)) drop(modifier);
      }
    }
  }
  return edits
    .sort((a, b) => b.start - a.start)
    .reduce(
      (all, { start, end, to }) => all.slice(0, start) + (to || blank(all.slice(start, end))) + all.slice(end),
      text,
    );
}

/** An import or export with its module's name, and the attributes behind it. */
const ATTRIBUTES = /(^[ \t]*(?:import|export)\b[^;"'`]*(?:"[^"\n]*"|'[^'\n]*'))(\s*\b(?:with|assert)\s*\{[^{}]*\})/gm;

/** Blanks, and the same line breaks. */
function blank(text: string): string {
  return text.replace(/[^\r\n]/g, " ");
}
