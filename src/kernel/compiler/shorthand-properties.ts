import type * as typescript from "@tslab/typescript-for-tslab";
import type { TypeScript } from "./typescript";

/**
 * tslab reads a variable of an earlier cell as `exports.k`, wherever an identifier's symbol is declared there. Of
 * `{ k }` TypeScript answers with the symbol of the property, which is declared here, so that the variable stays `k` and
 * is not defined. This makes the checker answer with the variable's.
 */
export function seeShorthandValues(ts: TypeScript, checker: typescript.TypeChecker): void {
  const symbolAt = checker.getSymbolAtLocation.bind(checker);
  // A program that takes over another one's checker is told of twice, to no harm.
  checker.getSymbolAtLocation = (node) => {
    const parent = ts.getParseTreeNode(node)?.parent;
    // In `const { a: own } = told` the first name is the property's and no variable, wherever the property was declared.
    if (parent && ts.isBindingElement(parent) && parent.propertyName === ts.getParseTreeNode(node)) return undefined;
    return parent && ts.isShorthandPropertyAssignment(parent) && parent.name === ts.getParseTreeNode(node)
      ? checker.getShorthandAssignmentValueSymbol(parent)
      : symbolAt(node);
  };
}

/**
 * A visited shorthand property whose name became an expression is written out: `{ k }` becomes `{ k: exports.k }`, and
 * `({ k = 1 } = x)` becomes `({ k: exports.k = 1 } = x)`.
 */
export function visitShorthand(
  ts: TypeScript,
  node: typescript.ShorthandPropertyAssignment,
  visit: typescript.Visitor,
): typescript.ObjectLiteralElementLike {
  const { factory } = ts;
  const { name, objectAssignmentInitializer: initializer } = node;
  const value = ts.visitNode(name as typescript.Expression, visit) as typescript.Expression;
  const otherwise = initializer && (ts.visitNode(initializer, visit) as typescript.Expression);
  if (value === name && otherwise === initializer) return node;
  return factory.createPropertyAssignment(name, otherwise ? factory.createAssignment(value, otherwise) : value);
}
