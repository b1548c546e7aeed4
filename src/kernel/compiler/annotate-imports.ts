import type { Diagnostic } from "./diagnostic";
import type { TypeScript } from "./typescript";

/** "Exported variable … has or is using name … but cannot be named", and its kin. */
const UNNAMED = new Set([2527, 2742, 2883, 4023, 4024, 4025, 4058, 4060]);

/**
 * Writes out the types of variables that hold imported modules: `const fs = await import("node:fs")` becomes
 * `const fs: typeof import("node:fs") = …`, since TypeScript spells a module's type out member by member and stumbles over
 * members whose types have no public name. Any other variable whose type cannot be written down becomes `any`.
 *
 * @returns null where something else is wrong with the cell, or nothing could be done
 */
export function annotateImports(ts: TypeScript, code: string, diagnostics: readonly Diagnostic[]): string | null {
  if (diagnostics.length === 0 || !diagnostics.every((each) => UNNAMED.has(each.code) && !each.fileName)) return null;
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, true);
  const places = new Set(diagnostics.map(({ start }) => start.offset));
  const inserts: { at: number; text: string }[] = [];
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, type, initializer } of statement.declarationList.declarations) {
      if (type || !initializer || !ts.isIdentifier(name) || !places.has(name.getStart(file))) continue;
      const call = ts.isAwaitExpression(initializer) ? initializer.expression : null;
      const [module] = call && ts.isCallExpression(call) && call.expression.kind === ts.SyntaxKind.ImportKeyword ? call.arguments : []; // prettier-ignore
      const named = module && ts.isStringLiteralLike(module) ? `typeof import(${JSON.stringify(module.text)})` : "any";
      inserts.push({ at: name.end, text: `: ${named}` });
    }
  }
  if (inserts.length === 0) return null;
  return inserts.reverse().reduce((all, { at, text }) => all.slice(0, at) + text + all.slice(at), code);
}
