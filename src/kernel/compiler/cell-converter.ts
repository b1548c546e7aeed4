import { relative } from "node:path";
import type * as typescript from "typescript";
import type { CompiledModule, SourceMapPayload } from "../cells/messages";
import { CellProgram, type CheckedCell } from "./cell-program";
import { cellText } from "./cell-text";
import { commonJs, withoutMap, type RunnableCode } from "./javascript/common-js";
import { declaredNames, namesOfStatement, type Meaning } from "./declared-names";
import { isAugmentation, withoutAugmented } from "./augmentations";
import type { Diagnostic } from "./diagnostic";
import type { CompilerBase } from "./compiler-base";
import { diagnosticsOf } from "./diagnostics-of";
import { earlierVariables } from "./javascript/earlier-variables";
import { keepParameterTypes } from "./parameter-types";
import { importedName, meaningOfImport, remainingDeclarations } from "./remaining-declarations";
import type { TypeScript } from "./typescript";
import { withoutDeclarations } from "./without-declarations";
import { writeDownTypes, type Annotated } from "./write-down-types";

/** What has become of a cell. */
export type Converted =
  | { diagnostics: Diagnostic[] }
  | {
      diagnostics: null;
      runnable: RunnableCode;
      /** What this cell and all before it declare, as TypeScript. */
      declarations: string;
      /** Under which name the value of its last expression is kept; null where it ends otherwise. */
      lastValue: string | null;
      /** Files beside the notebook that are new or have changed. */
      modules: CompiledModule[];
    };

/**
 * Turns cells into JavaScript, one after the other, with the rules that tslab has made for notebooks: what a cell declares
 * is there for the next one with its type, and may be declared anew with another.
 */
export class CellConverter {
  readonly #ts: TypeScript;
  readonly #folder: string;
  readonly #program: CellProgram;
  /** Which state of each file beside the notebook has been compiled. */
  readonly #compiled = new Map<string, string>();

  /** @param folder the notebook's */
  constructor(base: CompilerBase, folder: string) {
    this.#ts = base.ts;
    this.#folder = folder;
    this.#program = new CellProgram(base, folder);
  }

  /**
   * @param earlier what all cells before have declared
   * @param name how the cell is called in stack traces
   */
  convert(earlier: string, code: string, name: string): Converted {
    const declarations = withoutAugmented(this.#ts, earlier, code);
    const text = keepParameterTypes(this.#ts, declarations, cellText(this.#ts, code));
    const converted = this.#convert(declarations, text, name);
    if (converted.diagnostics === null) return converted;
    // Where only a type has no name to be written down by, the cell is compiled again with one.
    const annotated = writeDownTypes(this.#ts, text, converted.diagnostics);
    if (annotated === null) return converted;
    const types = this.#typesOf(annotated.untyped);
    const again = this.#convert(declarations, annotated.code, name);
    if (again.diagnostics !== null) return converted;
    const names = annotated.untyped.map((each) => each.name);
    return { ...again, declarations: types + withoutDeclarations(this.#ts, again.declarations, names) };
  }

  /** The types of variables of the cell that was looked at last, as near as they can be written down. */
  #typesOf(variables: Annotated["untyped"]): string {
    const ts = this.#ts;
    const program = this.#program.service.getProgram();
    const cell = program?.getSourceFile(this.#program.file);
    if (!program || !cell) return "";
    const checker = program.getTypeChecker();
    return variables
      .map(({ name, at, isConstant }) => {
        const find = (node: typescript.Node): typescript.Node | undefined =>
          ts.isIdentifier(node) && node.getStart(cell) === at ? node : ts.forEachChild(node, find);
        const node = find(cell);
        const type = node ? checker.typeToString(checker.getTypeAtLocation(node), cell, ts.TypeFormatFlags.NoTruncation) : "any"; // prettier-ignore
        return `declare ${isConstant ? "const" : "let"} ${name}: ${type};\n`;
      })
      .join("");
  }

  complete(declarations: string, code: string, position: number): typescript.CompletionInfo | undefined {
    this.#program.look(declarations, cellText(this.#ts, code));
    return this.#program.service.getCompletionsAtPosition(this.#program.file, position, {});
  }

  inspect(declarations: string, code: string, position: number): typescript.QuickInfo | undefined {
    this.#program.look(declarations, cellText(this.#ts, code));
    return this.#program.service.getQuickInfoAtPosition(this.#program.file, position);
  }

  /** Makes a cell a module for others; returns what is wrong with it. */
  addModule(name: string, code: string): Diagnostic[] {
    const path = this.#program.addModule(name, code);
    const { program } = this.#program.look("", "");
    const file = program.getSourceFile(path);
    if (!file) throw new Error(`Expected ${name} in the program but TypeScript has not read it`);
    const options = { cell: file, folder: this.#folder, length: code.length, declarations: false };
    return diagnosticsOf(this.#ts, program, [file], options);
  }

  #convert(declarations: string, code: string, name: string): Converted {
    const ts = this.#ts;
    const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, true);
    const names = declaredNames(ts, file);
    const declares = names.size > 0 || file.statements.some((statement) => isAugmentation(ts, statement));
    // All that it declares is offered to the others; on a line of its own, behind a comment that may end it.
    const looked = this.#program.look(declarations, `${code}\nexport { ${[...names.keys()].join(", ")} };`);
    const { program, cell } = looked;
    const beside = this.#program.dependenciesOf(program, cell.fileName);
    const diagnostics = diagnosticsOf(ts, program, [cell, ...beside], {
      cell,
      folder: this.#folder,
      length: code.length,
      declarations: declares,
    });
    if (names.get("exports")?.value) diagnostics.unshift(reservedName(ts, file));
    if (diagnostics.length > 0) return { diagnostics };
    const lastValue = unused("tsLastExpr", names);
    const { text, map, types, hasLastValue } = this.#emitCell(looked, lastValue, declares);
    return {
      diagnostics: null,
      runnable: commonJs(ts, { code: text, map, name, live: names.size > 0 }),
      declarations: this.#declarationsOf(looked, names, types),
      lastValue: hasLastValue ? lastValue : null,
      modules: this.#emitBeside(program, beside),
    };
  }

  #emitCell({ program, cell, earlier }: CheckedCell, lastValue: string, withTypes: boolean) {
    const ts = this.#ts;
    const written = { text: "", map: {} as SourceMapPayload, types: "", hasLastValue: false };
    const write = (file: string, text: string) => {
      if (file.endsWith(".map")) written.map = JSON.parse(text) as SourceMapPayload;
      else if (file.endsWith(".d.ts")) written.types = text;
      else written.text = withoutMap(text);
    };
    const before = [
      earlierVariables(ts, program.getTypeChecker(), earlier, lastValue, () => (written.hasLastValue = true)),
    ];
    program.emit(cell, write, undefined, false, { before });
    if (!withTypes) written.types = "";
    return written;
  }

  #declarationsOf({ program, earlier }: CheckedCell, names: ReadonlyMap<string, Meaning>, types: string): string {
    const ts = this.#ts;
    if (types === "") return earlier.text.replace(/\nexport \{\};$/, "");
    const checker = program.getTypeChecker();
    const file = ts.createSourceFile("types.d.ts", types, ts.ScriptTarget.Latest, true);
    const statements = file.statements.filter((statement) => !ts.isExportDeclaration(statement));
    const cell = program.getSourceFile(this.#program.file);
    const meanings = new Map<string, Pick<Meaning, "value" | "type">>(names);
    for (const [name, { isImport }] of names) {
      if (!isImport) continue;
      const node = cell?.statements.map((each) => importedName(ts, each, name)).find((each) => each !== undefined);
      const symbol = node && checker.getSymbolAtLocation(node);
      if (symbol) meanings.set(name, meaningOfImport(ts, checker, symbol));
    }
    const own = statements.map((statement) => statement.getFullText(file).trim());
    // TypeScript writes down what stands at the top level; a `var` of a block or loop is a variable of the cell as well.
    const written = new Set(statements.flatMap((each) => namesOfStatement(ts, each).map(([name]) => name)));
    const scope = cell ? checker.getSymbolsInScope(cell, ts.SymbolFlags.FunctionScopedVariable) : [];
    for (const symbol of scope) {
      if (written.has(symbol.name) || !names.has(symbol.name) || symbol.valueDeclaration?.getSourceFile() !== cell)
        continue;
      const type = checker.typeToString(checker.getTypeOfSymbol(symbol), cell, ts.TypeFormatFlags.NoTruncation);
      own.push(`declare var ${symbol.name}: ${type};`);
    }
    return `${own.join("\n")}\n${remainingDeclarations(ts, checker, earlier, meanings)}`;
  }

  #emitBeside(program: typescript.Program, files: readonly typescript.SourceFile[]): CompiledModule[] {
    return files.flatMap((file): CompiledModule[] => {
      const { fileName } = file;
      const version = this.#program.versionOf(fileName);
      if (this.#compiled.get(fileName) === version) return [];
      this.#compiled.set(fileName, version);
      let code = "";
      let map = {} as SourceMapPayload;
      program.emit(file, (path, text) => {
        if (path.endsWith(".map")) map = JSON.parse(text) as SourceMapPayload;
        else if (!/\.d\.[cm]?ts$/.test(path)) code = withoutMap(text);
      });
      const source = relative(this.#folder, fileName);
      const runnable = commonJs(this.#ts, { code, map, name: source, live: false });
      return [{ path: fileName.replace(/\.[cm]?[jt]sx?$/, ".js"), source, code: runnable.code, maps: runnable.maps }];
    });
  }
}

/** What is wrong with a cell that declares `exports` for all others: in functions and blocks the name is free. */
function reservedName(ts: TypeScript, file: typescript.SourceFile): Diagnostic {
  const find = (node: typescript.Node): typescript.Node | undefined =>
    ts.isIdentifier(node) && node.text === "exports" ? node : ts.forEachChild(node, find);
  const node = find(file) ?? file;
  const place = (offset: number) => ({ offset, ...ts.getLineAndCharacterOfPosition(file, offset) });
  return {
    start: place(node.getStart(file)),
    end: place(node.end),
    code: 2441,
    messageText:
      "Expected another name than exports, by which Node.js calls what a module shares: give the variable another",
  };
}

/** A name that a cell does not declare. */
function unused(name: string, names: ReadonlyMap<string, unknown>): string {
  for (let at = 0; ; at++) {
    const candidate = at === 0 ? name : `${name}${at}`;
    if (!names.has(candidate)) return candidate;
  }
}
