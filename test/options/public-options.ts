import { join } from "node:path";
import ts from "typescript";
import { root } from "../support/committed-text";

/** An object of options that a public function takes. */
export interface OptionsParameter {
  /** As it is called: "figure.gradientFlow", "Table#show", "advanced.runLocally". */
  readonly path: string;
  /** Its place among the arguments. */
  readonly index: number;
  readonly isConstructor: boolean;
  readonly options: readonly { readonly name: string; readonly nested: readonly string[] }[];
}

const entries = { "": join(root, "src", "index.ts"), "advanced.": join(root, "src", "advanced.ts") };

/** Every object of options that a function of `gradamp` or `gradamp/advanced` takes, as the compiler knows it. */
export function publicOptions(): OptionsParameter[] {
  const program = ts.createProgram(Object.values(entries), {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    types: ["node"],
    noEmit: true,
  });
  const checker = program.getTypeChecker();
  const found = new Map<string, OptionsParameter>();
  /** Whether a declaration is ours, and not a library's. */
  const isOurs = (node: ts.Node | undefined) =>
    node !== undefined && !/node_modules/.test(node.getSourceFile().fileName);

  /** The options that an object type consists of; none where it is no object of options. */
  function optionsOf(type: ts.Type): readonly ts.Symbol[] {
    const object = (type.isUnion() ? type.types : [type]).find(
      (part) =>
        (part.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0 &&
        part.getCallSignatures().length === 0 &&
        !checker.isArrayLikeType(part) &&
        part.getStringIndexType() === undefined &&
        (part.getSymbol()?.flags ?? 0 & ts.SymbolFlags.Class) !== ts.SymbolFlags.Class,
    );
    return object?.getProperties() ?? [];
  }

  /** The arguments by name, also where a type computes them from another function's. */
  function argumentsOf(signature: ts.Signature, at: ts.Node): { name: string; type: ts.Type }[] {
    return signature.getParameters().flatMap((parameter) => {
      const type = checker.getTypeOfSymbolAtLocation(parameter, parameter.valueDeclaration ?? at);
      if (!checker.isTupleType(type)) return [{ name: parameter.name, type }];
      const { labeledElementDeclarations: labels } = (type as ts.TupleTypeReference).target;
      return checker.getTypeArguments(type as ts.TupleTypeReference).map((each, place) => {
        const label = labels?.[place]?.name;
        return { name: label && ts.isIdentifier(label) ? label.text : "", type: each };
      });
    });
  }

  function take(path: string, signatures: readonly ts.Signature[], isConstructor: boolean, at: ts.Node) {
    for (const signature of signatures) {
      if (signature.declaration && !isOurs(signature.declaration)) continue;
      argumentsOf(signature, at).forEach(({ name, type }, index) => {
        const alias = type.aliasSymbol?.name ?? type.getSymbol()?.name ?? "";
        if (name !== "options" && !/Options$/.test(alias)) return;
        const options = optionsOf(type)
          .filter(({ name }) => !name.startsWith("__"))
          .map((option) => ({ name: option.name, nested: nestedOf(option, at) }));
        if (options.length > 0 && !found.has(path)) found.set(path, { path, index, isConstructor, options });
      });
    }
  }

  /** Of an option that is an object of options itself, what that consists of. */
  function nestedOf(option: ts.Symbol, at: ts.Node): string[] {
    const type = checker.getTypeOfSymbolAtLocation(option, at);
    const properties = optionsOf(type);
    // One of several objects is told apart by its own names, as a learning rate that is written down.
    const isOneOfSeveral = type.isUnion() && type.types.filter((part) => part.flags & ts.TypeFlags.Object && part.getCallSignatures().length === 0).length > 1; // prettier-ignore
    if (isOneOfSeveral && !properties.some(({ name }) => name === "targets")) return [];
    const isOptions = properties.some(({ flags }) => (flags & ts.SymbolFlags.Optional) !== 0);
    // A data set is a thing of its own.
    if (properties.some(({ name }) => name === "dispose")) return [];
    const ours = properties.every(({ declarations }) => (declarations ?? []).every(isOurs));
    return isOptions && ours ? properties.map(({ name }) => name) : [];
  }

  function walk(exported: ts.Symbol, path: string, depth: number): void {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    if (symbol.flags & ts.SymbolFlags.ValueModule) {
      for (const inner of checker.getExportsOfModule(symbol)) walk(inner, `${path}.${inner.name}`, depth + 1);
      return;
    }
    const declared = symbol.valueDeclaration ?? exported.valueDeclaration;
    if (!declared || depth > 4) return;
    const type = checker.getTypeOfSymbolAtLocation(symbol, declared);
    const calls = type.getCallSignatures();
    take(path, calls, false, declared);
    // What is exported as a type alone is made by a function of ours, which is walked by itself.
    if (!exported.declarations?.some(ts.isTypeOnlyExportDeclaration))
      take(path, type.getConstructSignatures(), true, declared);
    if (symbol.flags & ts.SymbolFlags.Class) {
      const instance = checker.getDeclaredTypeOfSymbol(symbol);
      for (const method of instance.getProperties())
        if (method.valueDeclaration && isOurs(method.valueDeclaration) && !method.name.startsWith("__"))
          take(`${path}#${method.name}`, checker.getTypeOfSymbolAtLocation(method, method.valueDeclaration).getCallSignatures(), false, declared); // prettier-ignore
    } else if (calls.length === 0) {
      // Of a table of functions, as ga.figure.
      for (const inner of type.getProperties())
        if ((inner.declarations ?? []).every(isOurs))
          take(
            `${path}.${inner.name}`,
            checker.getTypeOfSymbolAtLocation(inner, declared).getCallSignatures(),
            false,
            declared,
          );
    }
  }

  for (const [prefix, entry] of Object.entries(entries)) {
    const file = checker.getSymbolAtLocation(program.getSourceFile(entry)!)!;
    for (const exported of checker.getExportsOfModule(file)) walk(exported, `${prefix}${exported.name}`, 0);
  }
  return [...found.values()];
}
