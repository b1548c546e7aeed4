import type * as typescript from "typescript";
import type { TypeScript } from "../typescript";

/**
 * Makes a cell read and write the variables of earlier cells where all cells keep them, as `exports.lr`, and keeps the
 * value of its last expression under a name.
 *
 * @param earlier the file that declares what earlier cells have declared
 * @param lastValue the name for the value of the last expression
 * @param onLastValue told where there is such an expression
 */
export function earlierVariables(
  ts: TypeScript,
  checker: typescript.TypeChecker,
  earlier: typescript.SourceFile,
  lastValue: string,
  onLastValue: () => void,
): typescript.TransformerFactory<typescript.SourceFile> {
  const { factory } = ts;
  const isEarlier = (symbol: typescript.Symbol | undefined) =>
    symbol?.declarations?.some((each) => each.getSourceFile() === earlier) === true;
  const stored = (name: typescript.Identifier) =>
    ts.setTextRange(
      factory.createPropertyAccessExpression(factory.createIdentifier("exports"), factory.createIdentifier(name.text)),
      name,
    );

  return (context) => {
    const visit = (node: typescript.Node): typescript.Node => {
      if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
      if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node;
      if (ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ImplementsKeyword) return node;
      if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return node;
      if (ts.isShorthandPropertyAssignment(node)) return visitShorthand(node);
      // Called by its name alone, a function gets no `this`.
      if (
        ts.isCallExpression(node) &&
        ts.isIdentifier(node.expression) &&
        isEarlier(checker.getSymbolAtLocation(node.expression))
      ) {
        const called = ts.setTextRange(factory.createComma(factory.createNumericLiteral(0), stored(node.expression)), node.expression); // prettier-ignore
        const callee = ts.setTextRange(factory.createParenthesizedExpression(called), node.expression);
        const values = ts.visitNodes(node.arguments, visit) as typescript.NodeArray<typescript.Expression>;
        return factory.updateCallExpression(node, callee, node.typeArguments, values);
      }
      if (!ts.isIdentifier(node)) return ts.visitEachChild(node, visit, context);
      return isReference(ts, node) && isEarlier(checker.getSymbolAtLocation(node)) ? stored(node) : node;
    };
    /** `{ k }` becomes `{ k: exports.k }`, and `({ k = 1 } = x)` becomes `({ k: exports.k = 1 } = x)`. */
    const visitShorthand = (node: typescript.ShorthandPropertyAssignment): typescript.Node => {
      const { name, objectAssignmentInitializer: initializer } = node;
      const isStored = isEarlier(checker.getShorthandAssignmentValueSymbol(node));
      const otherwise = initializer && (ts.visitNode(initializer, visit) as typescript.Expression);
      if (!isStored && otherwise === initializer) return node;
      const value = isStored ? stored(name) : name;
      return ts.setTextRange(
        factory.createPropertyAssignment(name, otherwise ? factory.createAssignment(value, otherwise) : value),
        node,
      );
    };
    return (file) => {
      const visited = ts.visitEachChild(file, visit, context);
      let last = visited.statements.length - 1;
      while (last >= 0 && isWithoutEffect(ts, visited.statements[last]!)) last--;
      const statement = visited.statements[last];
      if (!statement || !ts.isExpressionStatement(statement)) return visited;
      onLastValue();
      const declaration = factory.createVariableDeclaration(lastValue, undefined, undefined, statement.expression);
      const list = factory.createVariableDeclarationList([declaration], ts.NodeFlags.Const);
      const kept = factory.createVariableStatement([factory.createModifier(ts.SyntaxKind.ExportKeyword)], list);
      return factory.updateSourceFile(visited, [
        ...visited.statements.slice(0, last),
        ts.setTextRange(kept, statement),
        ...visited.statements.slice(last + 1),
      ]);
    };
  };
}

/** What may stand behind a cell's last expression: the names that it offers to others. */
function isWithoutEffect(ts: TypeScript, statement: typescript.Statement): boolean {
  return ts.isExportDeclaration(statement);
}

/** Whether an identifier stands for what it names, and is not the name of a property, of a label or of what is declared. */
function isReference(ts: TypeScript, node: typescript.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  if (ts.isPropertyAssignment(parent) || ts.isEnumMember(parent) || ts.isParameter(parent) || ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent)) return parent.initializer === node; // prettier-ignore
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return false;
  return !((ts.isFunctionLike(parent) || ts.isClassLike(parent)) && parent.name === node) && !ts.isMetaProperty(parent);
}
