import { relative } from "node:path";
import { cellName } from "../cells/cell-name";
import type { CellJob } from "../cells/messages";
import { completeString } from "./complete-string";
import { describeCompletions, type CompletionReply } from "./describe-completions";
import { describeDiagnostics, type Fault } from "./describe-diagnostics";
import { describeSymbol, type SymbolDescription } from "./describe-symbol";
import { openTslabCompiler, type TslabCompiler } from "./tslab-compiler";
import { withoutDeclarations } from "./without-declarations";

/** What became of a cell: something to run, nothing to run, or what is wrong with it. */
export type Compilation =
  { kind: "job"; job: Omit<CellJob, "id" | "identity"> } | { kind: "nothing" } | { kind: "faults"; faults: Fault[] };

/**
 * Compiles the cells of a notebook one after the other, knowing what the cells before have declared; completes and
 * describes code in the same light.
 */
export class CellCompiler {
  readonly #tslab: TslabCompiler;
  /** What all cells that have run declare, as TypeScript. */
  #declarations = "";
  #compiled: string | null = null;

  /** @param folder the notebook's folder: imports are found from there */
  constructor(folder: string) {
    this.#tslab = openTslabCompiler(folder);
    this.#folder = folder;
  }
  readonly #folder: string;

  /**
   * Compiles a cell. What it declares is only known to later cells once `keep` has been called.
   *
   * @param count the number that the notebook shows beside the cell
   */
  compile(code: string, count: number): Compilation {
    const { converter, metadataOf, traceOf } = this.#tslab;
    const name = (this.#tslab.name = cellName.of(count));
    const metadata = metadataOf(code);
    this.#compiled = null;
    if (metadata.module !== undefined) {
      const diagnostics = converter.addModule(metadata.module, code, metadata);
      return diagnostics.length > 0 ? this.#faulty(diagnostics, code, name) : { kind: "nothing" };
    }
    if (metadata.mode === "browser")
      return {
        kind: "faults",
        faults: [{ place: name, message: "Cells marked @browser are not run", excerpt: [] }],
      };
    const { diagnostics, output, declOutput, lastExpressionVar, sideOutputs } = converter.convert(
      this.#declarations,
      code,
    );
    if (diagnostics.length > 0) return this.#faulty(diagnostics, code, name);
    this.#compiled = declOutput ?? "";
    if (output === undefined) return { kind: "nothing" };
    const { maps, added, isAsync, declares } = traceOf(output);
    return {
      kind: "job",
      job: {
        kind: "run",
        name,
        code: output,
        maps,
        added,
        isAsync,
        declares,
        lastValue: lastExpressionVar ?? null,
        modules: (sideOutputs ?? []).map(({ path, data }) => {
          const trace = traceOf(data);
          const source = trace.maps[1]?.sources?.[0]?.replace(/^(\.\.\/)+/, "") ?? relative(this.#folder, path);
          return { path, source, code: data, maps: trace.maps, added: trace.added };
        }),
      },
    };
  }

  /**
   * Lets later cells know what the cell that was compiled last declares.
   *
   * @param missing names of it that have no value, because it failed before; null where none of it ran
   */
  keep(missing: readonly string[] | null): void {
    if (this.#compiled !== null && missing !== null)
      this.#declarations = withoutDeclarations(this.#tslab.ts, this.#compiled, missing);
    this.#compiled = null;
  }

  /** Forgets what cells have declared: their variables are gone. */
  forget(): void {
    this.#declarations = "";
    this.#compiled = null;
  }

  complete(code: string, position: number): CompletionReply {
    const { converter, ts } = this.#tslab;
    const completions = converter.complete(this.#declarations, code, position);
    const entries = completions.original?.entries ?? [];
    return completeString(ts, code, position, entries, this.#folder) ?? describeCompletions(completions);
  }

  /** What stands at a place, with its documentation; null where nothing is known. */
  inspect(code: string, position: number): SymbolDescription | null {
    const info = this.#tslab.converter.inspect(this.#declarations, code, position);
    return info?.displayParts?.length ? describeSymbol(info) : null;
  }

  isComplete(code: string): { completed: boolean; indent?: string } {
    return this.#tslab.isComplete(code);
  }

  /**
   * Reads gradamp's types, a thousand files, before the first cell asks for them, and keeps what makes the next start quick.
   *
   * @returns whether they were found
   */
  warmUp(): boolean {
    const { converter, keepCode } = this.#tslab;
    keepCode();
    return converter.addModule("__gradamp_types__", `export * from "gradamp";`, {}).length === 0;
  }

  close(): void {
    this.#tslab.converter.close();
  }

  #faulty(diagnostics: Parameters<typeof describeDiagnostics>[0], code: string, name: string): Compilation {
    return { kind: "faults", faults: describeDiagnostics(diagnostics, code, name) };
  }
}
