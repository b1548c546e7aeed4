import type * as typescript from "typescript";
import { metadataOf } from "./cell-metadata";
import type { TypeScript } from "./typescript";

/**
 * A cell of parameters, as papermill puts it behind the notebook's own, marked `/** @parameters *\/`: its variables keep
 * the types that the notebook has given them, so that `"a" | "b"` does not become any text, and a value of another kind is
 * refused with a word.
 *
 * @param declarations what all cells before have declared
 */
export function keepParameterTypes(ts: TypeScript, declarations: string, code: string): string {
  if (!metadataOf(ts, code).isParameters) return code;
  const earlier = ts.createSourceFile("earlier.d.ts", declarations, ts.ScriptTarget.Latest, true);
  const known = new Map(variablesOf(ts, earlier).map((each) => [(each.name as typescript.Identifier).text, each]));
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, true);
  return variablesOf(ts, file)
    .filter(({ type }) => !type)
    .reverse()
    .reduce((text, { name, initializer }) => {
      const before = known.get((name as typescript.Identifier).text);
      // A constant's declaration tells its value; the new one has a value of its own as its type.
      const isLiteral = initializer && (ts.isStringLiteral(initializer) || ts.isNumericLiteral(initializer));
      const type =
        before?.type?.getText(earlier) ?? (before?.initializer && isLiteral ? initializer.getText(file) : null);
      return type === null ? text : `${text.slice(0, name.end)}: ${type}${text.slice(name.end)}`;
    }, code);
}

function variablesOf(ts: TypeScript, file: typescript.SourceFile): typescript.VariableDeclaration[] {
  return file.statements
    .filter((statement) => ts.isVariableStatement(statement))
    .flatMap(({ declarationList }) => declarationList.declarations)
    .filter(({ name }) => ts.isIdentifier(name));
}
