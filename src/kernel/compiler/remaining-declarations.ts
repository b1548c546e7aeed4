import type * as typescript from "typescript";
import { namesOfStatement, type Meaning } from "./declared-names";
import type { TypeScript } from "./typescript";

/**
 * What earlier cells declare and a cell leaves as it was.
 *
 * A class, an enum or an imported class is a value and a type: where a cell declares its value anew, the type goes with it;
 * where it declares only its type, its value is `any` from then on.
 *
 * @param earlier what the cells before have declared
 * @param anew what the cell itself declares
 */
export function remainingDeclarations(
  ts: TypeScript,
  checker: typescript.TypeChecker,
  earlier: typescript.SourceFile,
  anew: ReadonlyMap<string, Pick<Meaning, "value" | "type">>,
): string {
  const { factory } = ts;
  const untyped = new Set<string>();
  const meaningOf = (name: string, meaning: Meaning, statement: typescript.Statement): Meaning => {
    if (!meaning.isImport) return meaning;
    const node = importedName(ts, statement, name);
    const symbol = node && checker.getSymbolAtLocation(node);
    return symbol ? { ...meaningOfImport(ts, checker, symbol), isImport: true } : meaning;
  };
  const stays = (name: string, meaning: Meaning, statement: typescript.Statement): boolean => {
    const by = anew.get(name);
    if (!by || (!by.value && !by.type)) return true;
    const { value, type } = meaningOf(name, meaning, statement);
    if (value && by.value) return false;
    if (!(type && by.type)) return true;
    if (value) untyped.add(name);
    return false;
  };
  const statements = earlier.statements.flatMap((statement): typescript.Statement[] => {
    if (ts.isExportDeclaration(statement)) return [];
    const names = namesOfStatement(ts, statement);
    const kept = new Set(names.filter(([name, meaning]) => stays(name, meaning, statement)).map(([name]) => name));
    if (kept.size === names.length) return [statement];
    if (kept.size === 0) return [];
    if (ts.isVariableStatement(statement)) {
      const { declarationList: list } = statement;
      const left = list.declarations.filter(({ name }) => ts.isIdentifier(name) && kept.has(name.text));
      return [factory.updateVariableStatement(statement, statement.modifiers, factory.updateVariableDeclarationList(list, left))]; // prettier-ignore
    }
    return ts.isImportDeclaration(statement) ? [importOf(ts, statement, kept)] : [];
  });
  const any = [...untyped].filter((name) => !anew.get(name)?.value).map((name) => `declare let ${name}: any;\n`);
  const printer = ts.createPrinter({ newLine: ts.NewLineKind.LineFeed });
  return printer.printFile(factory.updateSourceFile(earlier, statements)) + any.join("");
}

/** What an imported name stands for. */
export function meaningOfImport(
  ts: TypeScript,
  checker: typescript.TypeChecker,
  symbol: typescript.Symbol,
): Pick<Meaning, "value" | "type"> {
  const { flags } = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const value = (flags & ts.SymbolFlags.Value) !== 0;
  const type = (flags & ts.SymbolFlags.Type) !== 0;
  // What cannot be resolved may be anything.
  return value || type ? { value, type } : { value: true, type: true };
}

/** The identifier by which an import declares a name. */
export function importedName(
  ts: TypeScript,
  statement: typescript.Statement,
  name: string,
): typescript.Identifier | undefined {
  if (ts.isImportEqualsDeclaration(statement)) return statement.name;
  if (!ts.isImportDeclaration(statement)) return undefined;
  const { name: standard, namedBindings } = statement.importClause ?? {};
  if (standard?.text === name) return standard;
  if (!namedBindings) return undefined;
  if (ts.isNamespaceImport(namedBindings)) return namedBindings.name;
  return namedBindings.elements.find((each) => each.name.text === name)?.name;
}

/** An import with those of its names that are kept. */
export function importOf(
  ts: TypeScript,
  statement: typescript.ImportDeclaration,
  kept: ReadonlySet<string>,
): typescript.ImportDeclaration {
  const { factory } = ts;
  const { importClause: clause } = statement;
  if (!clause) return statement;
  const { namedBindings: bindings } = clause;
  const left =
    bindings === undefined || ts.isNamespaceImport(bindings)
      ? bindings && kept.has(bindings.name.text)
        ? bindings
        : undefined
      : factory.updateNamedImports(bindings, bindings.elements.filter(({ name }) => kept.has(name.text))); // prettier-ignore
  const name = clause.name && kept.has(clause.name.text) ? clause.name : undefined;
  const none = left !== undefined && ts.isNamedImports(left) && left.elements.length === 0;
  return factory.updateImportDeclaration(
    statement,
    statement.modifiers,
    factory.updateImportClause(clause, clause.phaseModifier, name, none ? undefined : left),
    statement.moduleSpecifier,
    statement.attributes,
  );
}
