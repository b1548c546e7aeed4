import type * as typescript from "typescript";
import { namesOfStatement } from "./declared-names";
import { importOf } from "./remaining-declarations";
import type { TypeScript } from "./typescript";

/**
 * The declarations of a cell without those of some names: a cell that fails in its middle leaves what it has assigned
 * until then, and nothing else. Types stay.
 */
export function withoutDeclarations(ts: TypeScript, declarations: string, names: readonly string[]): string {
  if (names.length === 0) return declarations;
  const gone = new Set(names);
  const { factory } = ts;
  const file = ts.createSourceFile("cell.d.ts", declarations, ts.ScriptTarget.Latest, true);
  const statements = file.statements.flatMap((statement): typescript.Statement[] => {
    const declared = namesOfStatement(ts, statement);
    const kept = new Set(declared.filter(([name, { value }]) => !value || !gone.has(name)).map(([name]) => name));
    if (kept.size === declared.length) return [statement];
    if (kept.size === 0) return [];
    if (ts.isImportDeclaration(statement)) return [importOf(ts, statement, kept)];
    if (!ts.isVariableStatement(statement)) return [];
    const { declarationList: list } = statement;
    const left = list.declarations.filter(({ name }) => !ts.isIdentifier(name) || kept.has(name.text));
    const reduced = factory.updateVariableDeclarationList(list, left);
    return [factory.updateVariableStatement(statement, statement.modifiers, reduced)];
  });
  return ts.createPrinter({ newLine: ts.NewLineKind.LineFeed }).printFile(factory.updateSourceFile(file, statements));
}
