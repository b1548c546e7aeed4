import type * as typescript from "typescript";
import type { TypeScript } from "./typescript";

/** `declare global { … }` and `declare module "m" { … }`: what adds to types that are declared elsewhere. */
export function isAugmentation(ts: TypeScript, node: typescript.Node): node is typescript.ModuleDeclaration {
  return (
    ts.isModuleDeclaration(node) &&
    (ts.isStringLiteral(node.name) || (node.flags & ts.NodeFlags.GlobalAugmentation) !== 0)
  );
}

/** Whether a declaration stands in such an addition. */
export function isInAugmentation(ts: TypeScript, node: typescript.Node): boolean {
  for (let at: typescript.Node | undefined = node; at; at = at.parent) if (isAugmentation(ts, at)) return true;
  return false;
}

/**
 * What earlier cells declare, without what a cell adds to the same types anew: run again, or with another type, it adds
 * what stands in it and nothing twice.
 *
 * @param code the cell
 */
export function withoutAugmented(ts: TypeScript, declarations: string, code: string): string {
  if (!/\bdeclare\s+(global|module)\b/.test(code) || declarations === "") return declarations;
  const parse = (name: string, text: string) => ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const { factory } = ts;
  const anew = new Set<string>();
  const members = (node: typescript.ModuleDeclaration) =>
    node.body && ts.isModuleBlock(node.body) ? [...node.body.statements] : [];
  const keysOf = (target: string, statement: typescript.Statement): string[] => {
    if (ts.isInterfaceDeclaration(statement))
      return statement.members.map((each) => `${target}.${statement.name.text}.${(each.name ?? each).getText()}`);
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map(({ name }) => `${target} ${name.getText()}`);
    const { name } = statement as Partial<typescript.DeclarationStatement>;
    return [`${target} ${(name ?? statement).getText()}`];
  };
  for (const statement of parse("cell.ts", code).statements)
    if (isAugmentation(ts, statement))
      for (const member of members(statement)) keysOf(statement.name.text, member).forEach((key) => anew.add(key));
  if (anew.size === 0) return declarations;
  const earlier = parse("earlier.d.ts", declarations);
  const statements = earlier.statements.map((statement) => {
    if (!isAugmentation(ts, statement)) return statement;
    const { name, modifiers } = statement;
    const left = members(statement).flatMap((member): typescript.Statement[] => {
      const isLeft = (key: string | undefined) => key === undefined || !anew.has(key);
      const keys = keysOf(name.text, member);
      if (keys.every(isLeft)) return [member];
      if (!ts.isInterfaceDeclaration(member)) return [];
      const kept = member.members.filter((_, at) => isLeft(keys[at]));
      return [factory.updateInterfaceDeclaration(member, member.modifiers, member.name, member.typeParameters, member.heritageClauses, kept)]; // prettier-ignore
    });
    return factory.updateModuleDeclaration(statement, modifiers, name, factory.createModuleBlock(left));
  });
  return ts
    .createPrinter({ newLine: ts.NewLineKind.LineFeed })
    .printFile(factory.updateSourceFile(earlier, statements));
}
