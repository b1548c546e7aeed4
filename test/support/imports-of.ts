import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";

/** What a file imports: a file of the project, by its path in it, or a package. */
export interface Import {
  readonly target: string;
  /** Whether it leaves no trace in a run, since it only names types. */
  readonly typeOnly: boolean;
}

/**
 * What a TypeScript file imports, re-exports and requires, in the order of its text.
 *
 * @param root of the project
 * @param file its path in the project
 */
export function importsOf(root: string, file: string): Import[] {
  const parsed = ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.ES2022, true);
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean) =>
    found.push({ target: specifier.startsWith(".") ? fileBehind(root, file, specifier) : specifier, typeOnly });
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const { moduleSpecifier, importClause } = node;
      add((moduleSpecifier as ts.StringLiteral).text, importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      add((node.moduleSpecifier as ts.StringLiteral).text, node.isTypeOnly);
    } else if (
      ts.isCallExpression(node) &&
      (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === "require") &&
      node.arguments[0] !== undefined &&
      ts.isStringLiteral(node.arguments[0])
    ) {
      add(node.arguments[0].text, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

/** The project's file that a relative import leads to; the path as it is where there is none. */
function fileBehind(root: string, file: string, specifier: string): string {
  const place = relative(root, join(root, dirname(file), specifier.replace(/\.js$/, "")));
  return [`${place}.ts`, join(place, "index.ts")].find((name) => existsSync(join(root, name))) ?? place;
}
