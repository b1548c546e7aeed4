import type * as typescript from "typescript";
import type { TypeScript } from "./typescript";

/**
 * A cell without `export`, which means nothing more in a cell: all that it declares is there for the others, and
 * `export { x } from "m"` imports. What goes is blanked out, so that every place stays where it was.
 */
export function cellText(ts: TypeScript, text: string): string {
  // What names a program for a shell, and is a comment only where a file begins.
  const code = text.replace(/^#!/, "//");
  if (!/\bexport\b/.test(code)) return code;
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, true);
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
      code,
    );
}

/** Blanks, and the same line breaks. */
function blank(text: string): string {
  return text.replace(/[^\r\n]/g, " ");
}
