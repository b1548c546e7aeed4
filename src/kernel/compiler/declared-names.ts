import type * as typescript from "typescript";
import type { TypeScript } from "./typescript";

/** What a name stands for: a value, a type, or both; an import's is only known once it is resolved. */
export interface Meaning {
  value: boolean;
  type: boolean;
  isImport: boolean;
}

/** The names that the top level of a file declares, a `var` in its blocks and loops among them. */
export function declaredNames(ts: TypeScript, file: typescript.SourceFile): Map<string, Meaning> {
  const names = new Map<string, Meaning>();
  for (const statement of file.statements) {
    for (const [name, meaning] of namesOfStatement(ts, statement)) {
      const known = names.get(name);
      names.set(name, {
        value: meaning.value || known?.value === true,
        type: meaning.type || known?.type === true,
        isImport: meaning.isImport || known?.isImport === true,
      });
    }
  }
  return names;
}

/** The names that a statement of the top level declares there. */
export function namesOfStatement(ts: TypeScript, statement: typescript.Statement): [string, Meaning][] {
  const value = { value: true, type: false, isImport: false };
  const type = { value: false, type: true, isImport: false };
  const both = { value: true, type: true, isImport: false };
  const imported = { value: true, type: true, isImport: true };
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) =>
      boundNames(ts, name).map((each): [string, Meaning] => [each, value]),
    );
  if (ts.isFunctionDeclaration(statement)) return statement.name ? [[statement.name.text, value]] : [];
  if (ts.isClassDeclaration(statement)) return statement.name ? [[statement.name.text, both]] : [];
  if (ts.isEnumDeclaration(statement)) return [[statement.name.text, both]];
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
    return [[statement.name.text, type]];
  if (ts.isModuleDeclaration(statement))
    return ts.isIdentifier(statement.name) && !(statement.flags & ts.NodeFlags.GlobalAugmentation)
      ? [[statement.name.text, holdsValues(ts, statement) ? both : type]]
      : [];
  if (ts.isImportEqualsDeclaration(statement)) return [[statement.name.text, imported]];
  if (ts.isImportDeclaration(statement)) {
    const { name, namedBindings } = statement.importClause ?? {};
    const bindings = !namedBindings ? [] : ts.isNamespaceImport(namedBindings) ? [namedBindings] : namedBindings.elements; // prettier-ignore
    return [...(name ? [name] : []), ...bindings.map((each) => each.name)].map((each) => [each.text, imported]);
  }
  return nestedVariables(ts, statement).map((each) => [each, value]);
}

/** The names that a binding pattern binds. */
export function boundNames(ts: TypeScript, name: typescript.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : boundNames(ts, element.name)));
}

/** The names of each `var` in a statement, but for those of functions in it. */
function nestedVariables(ts: TypeScript, statement: typescript.Statement): string[] {
  const found: string[] = [];
  const visit = (node: typescript.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return;
    if (ts.isVariableDeclarationList(node) && isVar(ts, node))
      for (const { name } of node.declarations) found.push(...boundNames(ts, name));
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return found;
}

/** Whether a list of declarations begins with `var`. */
export function isVar(ts: TypeScript, list: typescript.VariableDeclarationList): boolean {
  return (list.flags & ts.NodeFlags.BlockScoped) === 0;
}

/** Whether a namespace is there when it runs, as one of types alone is not. */
function holdsValues(ts: TypeScript, node: typescript.ModuleDeclaration): boolean {
  if (!node.body) return false;
  if (ts.isModuleBlock(node.body))
    return node.body.statements.some((each) =>
      ts.isModuleDeclaration(each)
        ? holdsValues(ts, each)
        : !ts.isInterfaceDeclaration(each) && !ts.isTypeAliasDeclaration(each),
    );
  return ts.isModuleDeclaration(node.body) && holdsValues(ts, node.body);
}
