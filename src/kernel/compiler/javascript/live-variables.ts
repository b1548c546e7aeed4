import type * as typescript from "typescript";
import { boundNames, isVar } from "../declared-names";
import type { TypeScript } from "../typescript";

/**
 * Makes what a cell declares at its top level live, as in any notebook: where a later cell assigns a variable, or declares
 * a function or class of the same name, the functions of this cell see it.
 *
 * tslab writes `let lr = 0.1; …; export { lr }`, of which CommonJS makes a variable of the cell's own and a copy for the
 * others. `export let lr = 0.1` is one variable for all: every mention of it becomes `exports.lr`. Functions and classes
 * become such variables; functions at the head of the cell, so that they can be called before they are declared. So does a `var`
 * of a block or a loop.
 *
 * Works on the JavaScript that a cell was compiled to, as an ES module.
 *
 * @param onContinued told the name of each `var` at the top level whose value is computed from its own, as in
 *   `var n = n + 1`: from what an earlier cell has left, as wherever scripts share their variables
 */
export function liveVariables(
  ts: TypeScript,
  onContinued: (name: string) => void,
): typescript.TransformerFactory<typescript.SourceFile> {
  const { factory } = ts;
  const exported = () => [factory.createModifier(ts.SyntaxKind.ExportKeyword)];
  const variable = (name: typescript.Identifier, value: typescript.Expression, original: typescript.Node) => {
    const declaration = factory.createVariableDeclaration(name, undefined, undefined, value);
    const list = factory.createVariableDeclarationList([declaration], ts.NodeFlags.Let);
    return ts.setTextRange(factory.createVariableStatement(exported(), list), original);
  };

  return (context) => (file) => {
    // A binding of the user's by this name would hide the variables.
    if (bindsExports(ts, file)) return file;
    const clauses = file.statements.filter(isExportOfNames(ts));
    const offered = new Set(clauses.flatMap(({ exportClause: { elements } }) => elements.map(({ name }) => name.text)));
    const live = new Set<string>();
    const isLive = (name: string) => offered.has(name) && live.add(name);
    const functions: typescript.Statement[] = [];
    const nested = new Set<string>();
    const hoisted = new Set<string>();
    const statements = file.statements.flatMap((statement): typescript.Statement[] => {
      if (ts.isVariableStatement(statement) && !statement.modifiers?.length) {
        const names = statement.declarationList.declarations.flatMap(({ name }) => boundNames(ts, name));
        if (names.length === 0 || !names.every((name) => offered.has(name))) return [statement];
        names.forEach(isLive);
        for (const { name, initializer } of isVar(ts, statement.declarationList)
          ? statement.declarationList.declarations
          : [])
          // prettier-ignore
          if (initializer) boundNames(ts, name).filter((each) => reads(ts, initializer, each)).forEach(onContinued);
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
      return [withoutVars(ts, context, statement, offered, nested)];
    });
    nested.forEach((name) => live.has(name) || (hoisted.add(name), live.add(name)));
    if (hoisted.size > 0) functions.unshift(declarationOf(ts, [...hoisted]));
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

/** Whether an expression reads a variable at once, not in a function that is called later. */
function reads(ts: TypeScript, node: typescript.Node, name: string): boolean {
  if (ts.isFunctionLike(node)) return false;
  if (ts.isIdentifier(node)) return node.text === name;
  if (ts.isPropertyAccessExpression(node)) return reads(ts, node.expression, name);
  return ts.forEachChild(node, (child) => reads(ts, child, name) || undefined) ?? false;
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

/** `export let a, b;` */
function declarationOf(ts: TypeScript, names: readonly string[]): typescript.Statement {
  const { factory } = ts;
  const list = factory.createVariableDeclarationList(
    names.map((name) => factory.createVariableDeclaration(name)),
    ts.NodeFlags.Let,
  );
  return factory.createVariableStatement([factory.createModifier(ts.SyntaxKind.ExportKeyword)], list);
}

/**
 * A statement in which each `var` of a block or loop assigns what is declared elsewhere.
 *
 * @param offered the names that may be; the others stay
 * @param found gets the names
 */
function withoutVars(
  ts: TypeScript,
  context: typescript.TransformationContext,
  statement: typescript.Statement,
  offered: ReadonlySet<string>,
  found: Set<string>,
): typescript.Statement {
  const { factory } = ts;
  const isMoved = (list: typescript.VariableDeclarationList): boolean => {
    const names = list.declarations.flatMap(({ name }) => boundNames(ts, name));
    if (!isVar(ts, list) || names.length === 0 || !names.every((name) => offered.has(name))) return false;
    names.forEach((name) => found.add(name));
    return true;
  };
  const assignments = (list: typescript.VariableDeclarationList): typescript.Expression | undefined =>
    list.declarations
      .filter(({ initializer }) => initializer !== undefined)
      .map(({ name, initializer }): typescript.Expression => {
        const value = ts.visitNode(initializer, visit) as typescript.Expression;
        return ts.setTextRange(factory.createAssignment(targetOf(ts, name, visit), value), name);
      })
      .reduce<typescript.Expression | undefined>(
        (all, each) => (all ? factory.createComma(all, each) : each),
        undefined,
      );
  const visit = (node: typescript.Node): typescript.Node => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return node;
    if (ts.isVariableStatement(node) && isMoved(node.declarationList)) {
      const assigned = assignments(node.declarationList);
      const { declarations } = node.declarationList;
      const isPattern = declarations[0] && !ts.isIdentifier(declarations[0].name);
      if (!assigned) return factory.createEmptyStatement();
      const whole = isPattern ? factory.createParenthesizedExpression(assigned) : assigned;
      return ts.setTextRange(factory.createExpressionStatement(whole), node);
    }
    if (
      ts.isForStatement(node) &&
      node.initializer &&
      ts.isVariableDeclarationList(node.initializer) &&
      isMoved(node.initializer)
    ) {
      const { condition, incrementor, statement: body } = node;
      const parts = [condition, incrementor].map(
        (each) => ts.visitNode(each, visit) as typescript.Expression | undefined,
      );
      return factory.updateForStatement(node, assignments(node.initializer), parts[0], parts[1], ts.visitNode(body, visit) as typescript.Statement); // prettier-ignore
    }
    if (
      (ts.isForOfStatement(node) || ts.isForInStatement(node)) &&
      ts.isVariableDeclarationList(node.initializer) &&
      isMoved(node.initializer)
    ) {
      const target = targetOf(ts, node.initializer.declarations[0]!.name, visit);
      const over = ts.visitNode(node.expression, visit) as typescript.Expression;
      const body = ts.visitNode(node.statement, visit) as typescript.Statement;
      return ts.isForOfStatement(node)
        ? factory.updateForOfStatement(node, node.awaitModifier, target, over, body)
        : factory.updateForInStatement(node, target, over, body);
    }
    return ts.visitEachChild(node, visit, context);
  };
  return ts.visitNode(statement, visit) as typescript.Statement;
}

/** What a binding binds, as the target of an assignment. */
function targetOf(ts: TypeScript, name: typescript.BindingName, visit: typescript.Visitor): typescript.Expression {
  const { factory } = ts;
  const withDefault = (element: typescript.BindingElement): typescript.Expression => {
    const target = targetOf(ts, element.name, visit);
    const { initializer } = element;
    return initializer
      ? factory.createAssignment(target, ts.visitNode(initializer, visit) as typescript.Expression)
      : target;
  };
  if (ts.isIdentifier(name)) return ts.setTextRange(factory.createIdentifier(name.text), name);
  if (ts.isArrayBindingPattern(name))
    return factory.createArrayLiteralExpression(
      name.elements.map((element) =>
        ts.isOmittedExpression(element)
          ? element
          : element.dotDotDotToken
            ? factory.createSpreadElement(targetOf(ts, element.name, visit))
            : withDefault(element),
      ),
    );
  return factory.createObjectLiteralExpression(
    name.elements.map((element) =>
      element.dotDotDotToken
        ? factory.createSpreadAssignment(targetOf(ts, element.name, visit))
        : factory.createPropertyAssignment(
            element.propertyName
              ? (ts.visitNode(element.propertyName, visit) as typescript.PropertyName)
              : (element.name as typescript.Identifier).text,
            withDefault(element),
          ),
    ),
  );
}
