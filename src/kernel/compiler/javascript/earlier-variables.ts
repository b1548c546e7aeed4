import type * as typescript from "typescript";
import { isInAugmentation } from "../augmentations";
import type { TypeScript } from "../typescript";

/**
 * Makes a cell read and write the variables of earlier cells where all cells keep them, as `exports.lr`, and keeps the
 * value of its last expression under a name. What the user calls `exports` in a function or block gets another name, since
 * it would hide the variables.
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
    symbol?.declarations?.some((each) => each.getSourceFile() === earlier && !isInAugmentation(ts, each)) === true;
  const stored = (name: typescript.Identifier) =>
    ts.setTextRange(
      factory.createPropertyAccessExpression(factory.createIdentifier("exports"), factory.createIdentifier(name.text)),
      name,
    );

  return (context) => {
    /** The name for what the user calls `exports`; null in a cell that has no such name. */
    let another: string | null = null;
    const renamed = (symbol: typescript.Symbol | undefined, node: typescript.Identifier): typescript.Identifier =>
      another !== null && node.text === "exports" && symbol && isInnerBinding(ts, symbol, node.getSourceFile())
        ? ts.setTextRange(factory.createIdentifier(another), node)
        : node;
    const visit = (node: typescript.Node): typescript.Node => {
      if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
      if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node;
      if (ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ImplementsKeyword) return node;
      if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return node;
      if (ts.isShorthandPropertyAssignment(node)) return visitShorthand(node);
      if (ts.isImportEqualsDeclaration(node)) return visitAlias(node);
      if (ts.isBindingElement(node) && ts.isIdentifier(node.name) && !node.propertyName && !node.dotDotDotToken) {
        const name = renamed(checker.getSymbolAtLocation(node.name), node.name);
        const value = node.initializer && (ts.visitNode(node.initializer, visit) as typescript.Expression);
        if (ts.isObjectBindingPattern(node.parent))
          return name === node.name && value === node.initializer
            ? node
            : factory.updateBindingElement(
                node,
                undefined,
                name === node.name ? undefined : factory.createIdentifier("exports"),
                name,
                value,
              );
      }
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
      const symbol = checker.getSymbolAtLocation(node);
      return isReference(ts, node) && isEarlier(symbol) ? stored(node) : renamed(symbol, node);
    };
    /** `import Short = Long.Name` becomes `const Short = Long.Name`, unless it is of types alone. */
    const visitAlias = (node: typescript.ImportEqualsDeclaration): typescript.Node => {
      const { moduleReference: to, name } = node;
      const symbol = checker.getSymbolAtLocation(name);
      if (ts.isExternalModuleReference(to) || !symbol) return node;
      if (!(checker.getAliasedSymbol(symbol).flags & ts.SymbolFlags.Value)) return node;
      const expressionOf = (from: typescript.EntityName): typescript.Expression =>
        ts.isQualifiedName(from)
          ? factory.createPropertyAccessExpression(expressionOf(from.left), from.right.text)
          : isEarlier(checker.getSymbolAtLocation(from))
            ? stored(from)
            : factory.createIdentifier(from.text);
      const declaration = factory.createVariableDeclaration(name.text, undefined, undefined, expressionOf(to));
      const list = factory.createVariableDeclarationList([declaration], ts.NodeFlags.Const);
      return ts.setTextRange(factory.createVariableStatement(undefined, list), node);
    };
    /** `{ k }` becomes `{ k: exports.k }`, and `({ k = 1 } = x)` becomes `({ k: exports.k = 1 } = x)`. */
    const visitShorthand = (node: typescript.ShorthandPropertyAssignment): typescript.Node => {
      const { name, objectAssignmentInitializer: initializer } = node;
      const isStored = isEarlier(checker.getShorthandAssignmentValueSymbol(node));
      const otherwise = initializer && (ts.visitNode(initializer, visit) as typescript.Expression);
      const own = renamed(checker.getShorthandAssignmentValueSymbol(node), name);
      if (!isStored && own === name && otherwise === initializer) return node;
      const value = isStored ? stored(name) : own;
      return ts.setTextRange(
        factory.createPropertyAssignment(name, otherwise ? factory.createAssignment(value, otherwise) : value),
        node,
      );
    };
    return (file) => {
      another = /\bexports\b/.test(file.text) ? unusedName(file.text) : null;
      const visited = ts.visitEachChild(file, visit, context);
      let last = visited.statements.length - 1;
      while (last >= 0 && isWithoutEffect(ts, visited.statements[last]!)) last--;
      const statement = visited.statements[last];
      if (!statement || !ts.isExpressionStatement(statement)) return visited;
      onLastValue();
      const { expression } = statement;
      // What has no name would get that of the variable.
      const isUnnamed = ts.isArrowFunction(expression) || (ts.isFunctionExpression(expression) && !expression.name) || (ts.isClassExpression(expression) && !expression.name); // prettier-ignore
      const value = isUnnamed ? factory.createComma(factory.createNumericLiteral(0), expression) : expression;
      const declaration = factory.createVariableDeclaration(lastValue, undefined, undefined, value);
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

/** Whether a symbol is a variable, function or class of a file, but none that is a property as well. */
function isInnerBinding(ts: TypeScript, symbol: typescript.Symbol, file: typescript.SourceFile): boolean {
  const { Variable, Function, Class } = ts.SymbolFlags;
  return (
    (symbol.flags & (Variable | Function | Class)) !== 0 &&
    (symbol.declarations ?? []).every(
      (each) =>
        each.getSourceFile() === file &&
        !(ts.isParameter(each) && ts.isParameterPropertyDeclaration(each, each.parent)),
    )
  );
}

/** A name for `exports` that a text does not hold. */
function unusedName(text: string): string {
  for (let at = 1; ; at++) if (!text.includes(`exports_${at}`)) return `exports_${at}`;
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
