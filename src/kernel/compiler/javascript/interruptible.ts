import type * as typescript from "typescript";
import type { TypeScript } from "../typescript";

export interface InterruptibleOptions {
  /** Told of an `await` at the top level. */
  onAwait: () => void;
  /** What an `await` at a place of the JavaScript is called in stack traces. */
  where: (place: typescript.LineAndCharacter) => string;
}

/**
 * Makes code end when it is interrupted: a call to `check` begins the body of every loop, and every `await x` becomes
 * `await wait((pause(), x), "place")`. In `catch` and `finally` nothing changes, so that code can tidy up after itself.
 *
 * The calls are those of `Interrupts`, on the global `__gradamp__`.
 */
export function interruptible(
  ts: TypeScript,
  options: InterruptibleOptions,
): typescript.TransformerFactory<typescript.SourceFile> {
  const { factory } = ts;
  const call = (name: string, values: typescript.Expression[]) =>
    factory.createCallExpression(
      factory.createPropertyAccessExpression(factory.createIdentifier("__gradamp__"), name),
      undefined,
      values,
    );
  const checked = (body: typescript.Statement): typescript.Statement => {
    const check = factory.createExpressionStatement(call("check", []));
    return ts.isBlock(body)
      ? factory.updateBlock(body, [check, ...body.statements])
      : factory.createBlock([check, body], true);
  };

  return (context) => (file) => {
    const placeOf = (node: typescript.Node) =>
      factory.createStringLiteral(options.where(ts.getLineAndCharacterOfPosition(file, node.getStart(file))));

    /** @param tidying whether this is in a `catch` or `finally`; `deep`: in a function */
    const visitor = (state: { tidying: boolean; deep: boolean }) => {
      const visit = (node: typescript.Node): typescript.Node => {
        if (ts.isFunctionLike(node) || ts.isClassLike(node))
          return ts.visitEachChild(node, visitor({ tidying: false, deep: true }), context);
        if (ts.isTryStatement(node)) {
          const tidy = visitor({ ...state, tidying: true });
          return factory.updateTryStatement(
            node,
            ts.visitNode(node.tryBlock, visit) as typescript.Block,
            node.catchClause && (ts.visitNode(node.catchClause, tidy) as typescript.CatchClause),
            node.finallyBlock && (ts.visitNode(node.finallyBlock, tidy) as typescript.Block),
          );
        }
        const awaits = ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined);
        if (awaits && !state.deep) options.onAwait();
        const inner = ts.visitEachChild(node, visit, context);
        if (state.tidying) return inner;
        if (ts.isAwaitExpression(inner)) {
          const awaited = factory.createParenthesizedExpression(
            factory.createComma(call("pause", []), inner.expression),
          );
          const place = placeOf((node as typescript.AwaitExpression).expression);
          return factory.updateAwaitExpression(inner, call("wait", [awaited, place]));
        }
        if (ts.isForOfStatement(inner)) {
          const over = inner.awaitModifier
            ? call("each", [inner.expression, placeOf((node as typescript.ForOfStatement).expression)])
            : inner.expression;
          return factory.updateForOfStatement(
            inner,
            inner.awaitModifier,
            inner.initializer,
            over,
            checked(inner.statement),
          );
        }
        if (ts.isForStatement(inner))
          return factory.updateForStatement(
            inner,
            inner.initializer,
            inner.condition,
            inner.incrementor,
            checked(inner.statement),
          );
        if (ts.isForInStatement(inner))
          return factory.updateForInStatement(inner, inner.initializer, inner.expression, checked(inner.statement));
        if (ts.isWhileStatement(inner))
          return factory.updateWhileStatement(inner, inner.expression, checked(inner.statement));
        if (ts.isDoStatement(inner))
          return factory.updateDoStatement(inner, checked(inner.statement), inner.expression);
        return inner;
      };
      return visit;
    };
    return ts.visitNode(file, visitor({ tidying: false, deep: false })) as typescript.SourceFile;
  };
}
