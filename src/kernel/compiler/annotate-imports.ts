import type * as typescript from "typescript";
import { boundNames } from "./declared-names";
import type { Diagnostic } from "./diagnostic";
import type { TypeScript } from "./typescript";

/** "Exported variable … has or is using name … but cannot be named", and its kin. */
const UNNAMED = new Set([2527, 2742, 2883, 4023, 4024, 4025, 4058, 4060]);

/** A cell whose variables all have types that can be written down. */
export interface Annotated {
  code: string;
  /** Variables that are `any` in it; where each name is bound in the code as it was, and whether it is constant. */
  untyped: { name: string; at: number; isConstant: boolean }[];
}

/**
 * Writes out the types of variables that hold imported modules: `const fs = await import("node:fs")` becomes
 * `const fs: typeof import("node:fs") = …`, since TypeScript spells a module's type out member by member and stumbles over
 * members whose types have no public name. Any other variable whose type cannot be written down becomes `any`.
 *
 * @returns null where something else is wrong with the cell, or nothing could be done
 */
export function annotateImports(ts: TypeScript, code: string, diagnostics: readonly Diagnostic[]): Annotated | null {
  if (diagnostics.length === 0 || !diagnostics.every((each) => UNNAMED.has(each.code) && !each.fileName)) return null;
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, true);
  const places = diagnostics.map(({ start }) => start.offset);
  const isMeant = (node: typescript.Node) => places.some((at) => node.getStart(file) <= at && at < node.end);
  const inserts: { at: number; text: string }[] = [];
  const untyped: Annotated["untyped"] = [];
  for (const statement of file.statements) {
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
      inserts.push({ at: initializer.getStart(file), text: "(" }, { at: initializer.end, text: ") as any" });
      for (const bound of boundNames(ts, name)) untyped.push({ name: bound, at: placeOf(ts, file, name, bound), isConstant }); // prettier-ignore
    }
  }
  if (inserts.length === 0) return null;
  const annotated = inserts.reverse().reduce((all, { at, text }) => all.slice(0, at) + text + all.slice(at), code);
  return { code: annotated, untyped };
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
