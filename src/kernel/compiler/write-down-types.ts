import type * as typescript from "typescript";
import { boundNames } from "./declared-names";
import type { Diagnostic } from "./diagnostic";
import type { TypeScript } from "./typescript";

/** "Property … of exported anonymous class type may not be private or protected": no text stands for such a type. */
const UNWRITABLE = 4094;

/** A cell in which all that it declares has a type that can be written down. */
export interface Annotated {
  code: string;
  /** Variables that are `any` in it; where each name is bound in the code as it was, and whether it is constant. */
  untyped: { name: string; at: number; isConstant: boolean }[];
}

/**
 * Writes down types for what a cell declares, where TypeScript cannot: `const fs = await import("node:fs")` becomes
 * `const fs: typeof import("node:fs") = …`, since TypeScript spells a module's type out member by member and stumbles over
 * members whose types have no public name. Any other variable, result of a function or base of a class becomes `any`.
 *
 * @returns null where something else is wrong with the cell, or nothing could be done
 */
export function writeDownTypes(ts: TypeScript, code: string, diagnostics: readonly Diagnostic[]): Annotated | null {
  if (diagnostics.length === 0 || !diagnostics.every(({ isOfDeclarations }) => isOfDeclarations)) return null;
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, true);
  const isMeant = (node: typescript.Node, some = diagnostics) =>
    some.some(({ start }) => node.getStart(file) <= start.offset && start.offset < node.end);
  const unwritable = diagnostics.filter((each) => each.code === UNWRITABLE);
  const inserts: { at: number; text: string }[] = [];
  const untyped: Annotated["untyped"] = [];
  const asAny = (node: typescript.Node) =>
    inserts.push({ at: node.getStart(file), text: "(" }, { at: node.end, text: ") as any" });
  for (const statement of file.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.body && !statement.type && isMeant(statement)) {
      const bracket = statement.getChildren(file).find(({ kind }) => kind === ts.SyntaxKind.CloseParenToken);
      if (bracket) inserts.push({ at: bracket.end, text: `: ${resultOf(ts, statement)}` });
    }
    if (ts.isClassDeclaration(statement) && isMeant(statement)) {
      const base = statement.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
      if (base && !ts.isIdentifier(base.expression)) {
        const { expression } = base;
        inserts.push({ at: expression.getStart(file), text: "((" }, { at: expression.end, text: ") as any)" });
      }
    }
    if (!ts.isVariableStatement(statement)) continue;
    const isConstant = (statement.declarationList.flags & ts.NodeFlags.Const) !== 0;
    for (const { name, type, initializer } of statement.declarationList.declarations) {
      if (type || !initializer || !isMeant(name)) continue;
      const call = ts.isAwaitExpression(initializer) ? initializer.expression : null;
      const [module] = call && ts.isCallExpression(call) && call.expression.kind === ts.SyntaxKind.ImportKeyword ? call.arguments : []; // prettier-ignore
      if (module && ts.isStringLiteralLike(module) && ts.isIdentifier(name)) {
        inserts.push({ at: name.end, text: `: typeof import(${JSON.stringify(module.text)})` });
        continue;
      }
      asAny(initializer);
      if (isMeant(name, unwritable)) continue;
      for (const bound of boundNames(ts, name)) untyped.push({ name: bound, at: placeOf(ts, file, name, bound), isConstant }); // prettier-ignore
    }
  }
  if (inserts.length === 0) return null;
  const annotated = inserts
    .sort((a, b) => b.at - a.at)
    .reduce((all, { at, text }) => all.slice(0, at) + text + all.slice(at), code);
  return { code: annotated, untyped };
}

/** The type of what a function returns, as far as the function's own kind tells it. */
function resultOf(ts: TypeScript, node: typescript.FunctionDeclaration): string {
  const isAsync = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) === true;
  if (node.asteriskToken) return isAsync ? "AsyncGenerator<any>" : "Generator<any>";
  return isAsync ? "Promise<any>" : "any";
}

/** Where a binding binds a name. */
function placeOf(ts: TypeScript, file: typescript.SourceFile, binding: typescript.BindingName, name: string): number {
  const find = (node: typescript.Node): number | undefined =>
    ts.isIdentifier(node) &&
    node.text === name &&
    !(ts.isBindingElement(node.parent) && node.parent.propertyName === node)
      ? node.getStart(file)
      : ts.forEachChild(node, find);
  return find(binding) ?? binding.getStart(file);
}
