import { cellName } from "../cells/cell-name";
import type { CellJob } from "../cells/messages";
import { completeString } from "./complete-string";
import { CellConverter } from "./cell-converter";
import { metadataOf } from "./cell-metadata";
import type { CompilerBase } from "./compiler-base";
import { describeCompletions, type CompletionReply } from "./describe-completions";
import { describeDiagnostics, type Fault } from "./describe-diagnostics";
import { describeSymbol, type SymbolDescription } from "./describe-symbol";
import { completeness, type Completeness } from "./completeness";
import type { TypeScript } from "./typescript";
import { withoutDeclarations } from "./without-declarations";

/** What became of a cell: something to run, nothing to run, or what is wrong with it. */
export type Compilation =
  { kind: "job"; job: Omit<CellJob, "id" | "identity"> } | { kind: "nothing" } | { kind: "faults"; faults: Fault[] };

/**
 * Compiles the cells of a notebook one after the other, knowing what the cells before have declared; completes and
 * describes code in the same light.
 */
export class CellCompiler {
  readonly #ts: TypeScript;
  readonly #base: CompilerBase;
  readonly #converter: CellConverter;
  readonly #folder: string;
  /** What all cells that have run declare, as TypeScript. */
  #declarations = "";
  #compiled: string | null = null;

  /** @param folder the notebook's folder: imports are found from there */
  constructor(base: CompilerBase, folder: string) {
    this.#base = base;
    this.#ts = base.ts;
    this.#folder = folder;
    this.#converter = new CellConverter(base, folder);
  }

  /**
   * Compiles a cell. What it declares is only known to later cells once `keep` has been called.
   *
   * @param count the number that the notebook shows beside the cell
   */
  compile(code: string, count: number): Compilation {
    const name = cellName.of(count);
    const { module, isForBrowser, jsx } = metadataOf(this.#ts, code);
    this.#compiled = null;
    if (module !== null) {
      const diagnostics = this.#converter.addModule(`${module}.ts${jsx ? "x" : ""}`, code);
      return diagnostics.length > 0 ? this.#faulty(diagnostics, code, name) : { kind: "nothing" };
    }
    if (isForBrowser)
      return {
        kind: "faults",
        faults: [{ place: name, message: "Cells marked @browser are not run", excerpt: [] }],
      };
    const converted = this.#converter.convert(this.#declarations, code, name);
    if (converted.diagnostics !== null) return this.#faulty(converted.diagnostics, code, name);
    const { runnable, declarations, lastValue, modules } = converted;
    this.#compiled = declarations;
    return { kind: "job", job: { kind: "run", name, ...runnable, lastValue, modules } };
  }

  /**
   * Lets later cells know what the cell that was compiled last declares.
   *
   * @param missing names of it that have no value, because it failed before; null where none of it ran
   */
  keep(missing: readonly string[] | null): void {
    if (this.#compiled !== null && missing !== null)
      this.#declarations = withoutDeclarations(this.#ts, this.#compiled, missing);
    this.#compiled = null;
  }

  /** Forgets what cells have declared: their variables are gone. */
  forget(): void {
    this.#declarations = "";
    this.#compiled = null;
  }

  complete(code: string, position: number): CompletionReply {
    const completions = this.#converter.complete(this.#declarations, code, position);
    return (
      completeString(this.#ts, code, position, completions?.entries ?? [], this.#folder) ??
      describeCompletions(code, position, completions?.entries ?? [])
    );
  }

  /** What stands at a place, with its documentation; null where nothing is known. */
  inspect(code: string, position: number): SymbolDescription | null {
    const info = this.#converter.inspect(this.#declarations, code, position);
    if (!info?.displayParts?.length) return null;
    // Of a name that is not there TypeScript says no more than this.
    const isUnknown =
      info.displayParts.length === 1 && info.displayParts[0]?.text === "any" && !info.documentation?.length;
    return isUnknown ? null : describeSymbol(info);
  }

  /** Whether code can be run as it stands, could be with more lines, or never. */
  isComplete(code: string): Completeness {
    return completeness(this.#ts, code);
  }

  /**
   * Reads gradamp's types, a thousand files, before the first cell asks for them, and keeps what makes the next start quick.
   *
   * @returns whether they were found
   */
  warmUp(): boolean {
    this.#base.keep();
    return this.#converter.addModule("__gradamp_types__.ts", `export * from "gradamp";`).length === 0;
  }

  #faulty(diagnostics: Parameters<typeof describeDiagnostics>[0], code: string, name: string): Compilation {
    return { kind: "faults", faults: describeDiagnostics(diagnostics, code, name) };
  }
}
