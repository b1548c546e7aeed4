import type * as typescript from "@tslab/typescript-for-tslab";
import type { TypeScript } from "./typescript";

/**
 * Makes what a cell declares at its top level live, as in any notebook: where a later cell assigns a variable, or declares
 * a function or class of the same name, the functions of this cell see it.
 *
 * tslab writes `let lr = 0.1; …; export { lr }`, of which CommonJS makes a variable of the cell's own and a copy for the
 * others. `export let lr = 0.1` is one variable for all: every mention of it becomes `exports.lr`. Functions and classes
 * become such variables; functions at the head of the cell, so that they can be called before they are declared.
 *
 * Works on the JavaScript that a cell was compiled to, as an ES module.
 */
export function liveVariables(ts: TypeScript): typescript.TransformerFactory<typescript.SourceFile> {
  const { factory } = ts;
  const exported = () => [factory.createModifier(ts.SyntaxKind.ExportKeyword)];
  const variable = (name: typescript.Identifier, value: typescript.Expression, original: typescript.Node) => {
    const declaration = factory.createVariableDeclaration(name, undefined, undefined, value);
    const list = factory.createVariableDeclarationList([declaration], ts.NodeFlags.Let);
    return ts.setTextRange(factory.createVariableStatement(exported(), list), original);
  };

  return () => (file) => {
    // A binding of the user's by this name would hide the variables.
    if (bindsExports(ts, file)) return file;
    const clauses = file.statements.filter(isExportOfNames(ts));
    const offered = new Set(clauses.flatMap(({ exportClause: { elements } }) => elements.map(({ name }) => name.text)));
    const live = new Set<string>();
    const isLive = (name: string) => offered.has(name) && live.add(name);
    const functions: typescript.Statement[] = [];
    const statements = file.statements.flatMap((statement): typescript.Statement[] => {
      if (ts.isVariableStatement(statement) && !statement.modifiers?.length) {
        const names = statement.declarationList.declarations.flatMap(({ name }) => namesIn(ts, name));
        if (names.length === 0 || !names.every((name) => offered.has(name))) return [statement];
        names.forEach(isLive);
        return [ts.setTextRange(factory.createVariableStatement(exported(), statement.declarationList), statement)];
      }
      if (ts.isFunctionDeclaration(statement) && statement.name && statement.body && isLive(statement.name.text)) {
        const { modifiers, asteriskToken, name, typeParameters, parameters, type, body } = statement;
        const value = factory.createFunctionExpression(modifiers?.filter((each) => ts.isModifier(each)), asteriskToken, name, typeParameters, parameters, type, body); // prettier-ignore
        functions.push(variable(name, ts.setTextRange(value, statement), statement));
        return [];
      }
      if (ts.isClassDeclaration(statement) && statement.name && isLive(statement.name.text)) {
        const { modifiers, name, typeParameters, heritageClauses, members } = statement;
        const value = factory.createClassExpression(modifiers, name, typeParameters, heritageClauses, members);
        return [variable(name, ts.setTextRange(value, statement), statement)];
      }
      return [statement];
    });
    if (live.size === 0) return file;
    const others = statements.map((statement) => {
      if (!isExportOfNames(ts)(statement)) return statement;
      const left = statement.exportClause.elements.filter(({ name }) => !live.has(name.text));
      const clause = factory.updateNamedExports(statement.exportClause, left);
      return factory.updateExportDeclaration(statement, statement.modifiers, false, clause, undefined, undefined);
    });
    const body = others.findIndex((statement) => !ts.isImportDeclaration(statement));
    const head = body < 0 ? others.length : body;
    return factory.updateSourceFile(file, [...others.slice(0, head), ...functions, ...others.slice(head)]);
  };
}

/** Whether anything is declared by the name under which CommonJS shares variables. */
function bindsExports(ts: TypeScript, node: typescript.Node): boolean {
  const { name } = node as Partial<typescript.NamedDeclaration>;
  const isBinding = ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node) || ts.isFunctionLike(node) || ts.isClassLike(node); // prettier-ignore
  if (isBinding && name && ts.isIdentifier(name) && name.text === "exports" && !ts.isMethodDeclaration(node))
    return true;
  return ts.forEachChild(node, (child) => bindsExports(ts, child) || undefined) ?? false;
}

type ExportOfNames = typescript.ExportDeclaration & { readonly exportClause: typescript.NamedExports };

/** `export { a, b }`, of what the file itself declares or imports. */
function isExportOfNames(ts: TypeScript) {
  return (node: typescript.Node): node is ExportOfNames =>
    ts.isExportDeclaration(node) &&
    !node.moduleSpecifier &&
    node.exportClause !== undefined &&
    ts.isNamedExports(node.exportClause);
}

function namesIn(ts: TypeScript, name: typescript.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : namesIn(ts, element.name)));
}
