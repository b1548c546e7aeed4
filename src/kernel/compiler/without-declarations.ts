import type * as typescript from "@tslab/typescript-for-tslab";
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
  const keep = (name: typescript.Identifier | undefined) => name === undefined || !gone.has(name.text);

  const reduce = (statement: typescript.Statement): typescript.Statement | null => {
    if (ts.isVariableStatement(statement)) {
      const { declarationList: list } = statement;
      const left = list.declarations.filter(({ name }) => !ts.isIdentifier(name) || keep(name));
      return left.length === 0
        ? null
        : factory.updateVariableStatement(
            statement,
            statement.modifiers,
            factory.updateVariableDeclarationList(list, left),
          );
    }
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement))
      return keep(statement.name) ? statement : null;
    if (!ts.isImportDeclaration(statement) || !statement.importClause) return statement;
    const { importClause: clause } = statement;
    const bindings = clause.namedBindings;
    const left =
      bindings === undefined || ts.isNamespaceImport(bindings)
        ? bindings && keep(bindings.name)
          ? bindings
          : undefined
        : factory.updateNamedImports(
            bindings,
            bindings.elements.filter(({ name }) => keep(name)),
          );
    const name = keep(clause.name) ? clause.name : undefined;
    const empty = left === undefined || (ts.isNamedImports(left) && left.elements.length === 0);
    if (!name && empty) return null;
    return factory.updateImportDeclaration(
      statement,
      statement.modifiers,
      factory.updateImportClause(clause, clause.isTypeOnly, name, empty ? undefined : left),
      statement.moduleSpecifier,
      statement.assertClause,
    );
  };
  const statements = file.statements.map(reduce).filter((statement) => statement !== null);
  return ts.createPrinter({ newLine: ts.NewLineKind.LineFeed }).printFile(factory.updateSourceFile(file, statements));
}
