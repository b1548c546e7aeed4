import type * as typescript from "@tslab/typescript-for-tslab";
import { createRequire, SourceMap } from "node:module";
import { sep } from "node:path";
import { packageRoot } from "../../files/package-root";
import type { CompiledCode, SourceMapPayload } from "../cells/messages";
import { loadWithCodeCache } from "./code-cache";
import { annotateImports } from "./annotate-imports";
import { cellText } from "./cell-text";
import type { Diagnostic } from "./diagnostic";
import { importMeta } from "./import-meta";
import { interruptible } from "./interruptible";
import { liveVariables } from "./live-variables";
import { declareNewerGlobals } from "./newer-globals";
import { overlayPackages } from "./overlay-packages";
import { seeShorthandValues, visitShorthand } from "./shorthand-properties";
import type { TypeScript } from "./typescript";

/** What tslab makes of a cell. */
export interface Converted {
  output?: string;
  declOutput?: string;
  diagnostics: Diagnostic[];
  lastExpressionVar?: string;
  sideOutputs?: { path: string; data: string }[];
}

export interface Completions {
  start: number;
  end: number;
  candidates: string[];
  original?: typescript.CompletionInfo;
}

/** tslab's compiler: of its kernel, the part that is used. */
export interface Converter {
  convert(declarations: string, code: string): Converted;
  complete(declarations: string, code: string, position: number): Completions;
  inspect(declarations: string, code: string, position: number): typescript.QuickInfo | undefined;
  addModule(name: string, code: string, metadata: CellMetadata): Diagnostic[];
  close(): void;
}

/** What a cell says of itself in a comment at its top: `/** @module name *\/` makes it a module for others. */
export interface CellMetadata {
  module?: string;
  mode?: "node" | "browser";
  jsx?: boolean;
}

/** What tslab does not tell of a cell that it has compiled. */
export interface Trace extends CompiledCode {
  /** Whether it awaits at its top level: tslab overlooks `for await`. */
  isAsync: boolean;
  /** The names that it declares at its top level. */
  declares: string[];
}

export interface TslabCompiler {
  readonly ts: TypeScript;
  readonly converter: Converter;
  metadataOf(code: string): CellMetadata;
  isComplete(code: string): { completed: boolean; indent?: string };
  /** What tslab does not tell of what it has just compiled. */
  traceOf(output: string): Trace;
  /** How the cell that is compiled next is called. */
  name: string;
  /** Makes the next start quicker. */
  keepCode(): void;
}

const embeddedMap = /\n\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/;

/**
 * tslab's compiler in a folder, with what it lacks: source maps, code that can be interrupted, and gradamp's types from
 * every folder.
 *
 * tslab takes TypeScript from a package of its own. It gets a copy of that package's exports, in which four functions are
 * ours: the one that makes the program's host, which is told to make source maps; the one that makes the program, whose
 * checker sees the values of shorthand properties; the one that visits a file's syntax tree, which
 * never returns the tree itself, for tslab changes what it gets, and TypeScript would check the changed tree when a file
 * beside the notebook changes; and the one that turns ES modules into CommonJS, which also inserts the calls that make code
 * interruptible.
 */
export function openTslabCompiler(folder: string): TslabCompiler {
  const fromTslab = createRequire(require.resolve("tslab/dist/main.js"));
  const path = fromTslab.resolve("@tslab/typescript-for-tslab");
  const { version } = fromTslab("@tslab/typescript-for-tslab/package.json") as { version: string };
  const loaded = loadWithCodeCache(path, `typescript-${version}`);
  const ts = loaded.exports as TypeScript;
  const traces = new Map<string, Trace>();
  const virtual = new Set<string>();

  watchOnlyTheUsersFiles(ts);
  overlayPackages(ts, folder);
  const patched = {
    ...ts,
    createWatchCompilerHost: (files: string[], options: typescript.CompilerOptions, ...rest: unknown[]) =>
      withItsOwnTimers(
        (ts.createWatchCompilerHost as (...values: unknown[]) => WatchHost)(
          [...files, declareNewerGlobals(ts, folder)],
          // What the running Node knows, and imports of files by their whole names.
          { ...options, inlineSourceMap: true, lib: ["lib.esnext.d.ts"], allowImportingTsExtensions: true },
          ...rest,
        ),
      ),
    createWatchProgram: (host: ProgramHost) => {
      const { afterProgramCreate } = host;
      host.afterProgramCreate = (builder) => {
        seeShorthandValues(ts, builder.getProgram().getTypeChecker());
        afterProgramCreate(builder);
      };
      return ts.createWatchProgram(host as never);
    },
    visitEachChild: <T extends typescript.Node>(node: T, ...rest: [typescript.Visitor, never]): T => {
      if (ts.isShorthandPropertyAssignment(node)) return visitShorthand(ts, node, rest[0]) as typescript.Node as T;
      const visited = ts.visitEachChild(node, ...rest);
      const copy = visited === node && ts.isSourceFile(node);
      return copy ? (ts.factory.updateSourceFile(node, [...node.statements]) as typescript.Node as T) : visited;
    },
    transpileModule: (code: string, options: typescript.TranspileOptions) => {
      const found = embeddedMap.exec(code);
      const inner = JSON.parse(
        Buffer.from(found?.[1] ?? "e30=", "base64").toString("utf8"),
      ) as Partial<SourceMapPayload>;
      const source = (inner.sources?.[0] ?? "").replace(/^(\.\.\/)+/, "");
      const isCell = /^__tslab__\.tsx?$/.test(source);
      // tslab begins cells and module cells, but not files, with a line of its own.
      const added = isCell || virtual.has(source) ? 1 : 0;
      const name = isCell ? compiler.name : source;
      const plain = found ? code.slice(0, found.index) : code;
      const compilerOptions = { ...options.compilerOptions, sourceMap: true };
      const live = isCell ? withLiveVariables(ts, plain, compilerOptions) : { code: plain, maps: [] };
      const back = [...live.maps, inner].map(
        (map) => new SourceMap({ version: 3, sources: [], names: [], mappings: "", ...map } as never),
      );
      let isAsync = false;
      const { outputText, sourceMapText } = ts.transpileModule(live.code, {
        ...options,
        compilerOptions,
        transformers: {
          before: [
            importMeta(ts),
            interruptible(ts, {
              onAwait: () => (isAsync = true),
              where: (place) => {
                const at = back.reduce(({ line, character }, map) => {
                  const entry = map.findEntry(line, character) as { originalLine?: number; originalColumn?: number };
                  return { line: entry.originalLine ?? 0, character: entry.originalColumn ?? 0 };
                }, place);
                return `${name}:${at.line + 1 - added}:${at.character + 1}`;
              },
            }),
          ],
        },
      });
      const output = outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
      const outer = JSON.parse(sourceMapText ?? "{}") as SourceMapPayload;
      const maps = [outer, ...live.maps, inner as SourceMapPayload];
      const declared = /^exports\.\S+ = .*void 0;$/m.exec(output)?.[0] ?? "";
      const declares = [...declared.matchAll(/exports\.(\S+) = /g)].map(([, exported]) => exported ?? "");
      traces.set(output, { code: output, maps, added, isAsync, declares });
      return { outputText: output };
    },
  };
  const cached = require.cache[path];
  if (!cached) throw new Error(`Expected ${path} to be loaded but it is not in Node's cache`);
  cached.exports = patched;
  const { createConverter, isCompleteCode } = fromTslab("./converter") as {
    createConverter(options: { isJS: boolean; isBrowser: boolean }): Converter;
    isCompleteCode(code: string): { completed: boolean; indent?: string };
  };
  const { getCodeMetadata } = fromTslab("./metadata") as { getCodeMetadata(code: string): CellMetadata };
  const converter = createConverter({ isJS: false, isBrowser: false });

  /** Where only the name of an imported module's type is wanting, the cell is compiled again with that type written out. */
  const convert = (declarations: string, code: string): Converted => {
    const converted = converter.convert(declarations, code);
    const annotated = annotateImports(ts, code, converted.diagnostics);
    if (annotated === null) return converted;
    const again = converter.convert(declarations, annotated);
    return again.diagnostics.length > 0 ? converted : again;
  };

  const compiler: TslabCompiler = {
    ts,
    name: "Cell",
    keepCode: () => loaded.keep(),
    metadataOf: getCodeMetadata,
    isComplete: isCompleteCode,
    converter: {
      ...converter,
      convert: (declarations, code) => {
        traces.clear();
        return convert(declarations, cellText(ts, code));
      },
      complete: (declarations, code, position) => converter.complete(declarations, cellText(ts, code), position),
      inspect: (declarations, code, position) => converter.inspect(declarations, cellText(ts, code), position),
      addModule: (name, code, metadata) => {
        virtual.add(`${name}.ts${metadata.jsx ? "x" : ""}`);
        return converter.addModule(name, code, metadata);
      },
    },
    traceOf: (output) => traces.get(output) ?? { code: output, maps: [], added: 0, isAsync: false, declares: [] },
  };
  return compiler;
}

/** A cell's JavaScript with what it declares made live, still an ES module, and the map that leads back. */
function withLiveVariables(
  ts: TypeScript,
  code: string,
  options: typescript.CompilerOptions,
): { code: string; maps: SourceMapPayload[] } {
  const { outputText, sourceMapText } = ts.transpileModule(code, {
    compilerOptions: { ...options, module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ESNext },
    transformers: { before: [liveVariables(ts)] },
  });
  return {
    code: outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"),
    maps: [JSON.parse(sourceMapText ?? "{}") as SourceMapPayload],
  };
}

/** The same host, as TypeScript is given it. */
interface ProgramHost {
  afterProgramCreate(builder: typescript.BuilderProgram): void;
}

/** A host of TypeScript's, as tslab makes it. */
interface WatchHost {
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

/**
 * tslab holds the one timer by which TypeScript updates the program, and runs it itself; but where files come and go
 * TypeScript wants a second one, of which tslab would say `Unexpected pending rebuildTimer` ever after.
 */
function withItsOwnTimers(host: WatchHost): WatchHost {
  const { setTimeout: hold, clearTimeout: release } = host;
  const own = new Set<unknown>();
  return Object.assign(host, {
    setTimeout: (callback: () => void, milliseconds: number) => {
      if (callback.name === "updateProgramWithWatchStatus") return hold(callback, milliseconds);
      const timer = setTimeout(() => {
        own.delete(timer);
        callback();
      }, milliseconds);
      own.add(timer);
      return timer;
    },
    clearTimeout: (timer: unknown) => {
      if (own.delete(timer)) clearTimeout(timer as NodeJS.Timeout);
      else release(timer);
    },
  });
}

/** A thousand declarations of packages do not change while a notebook is open; each watch is one of few handles. */
function watchOnlyTheUsersFiles(ts: TypeScript): void {
  const { sys } = ts;
  const watchFile = sys.watchFile?.bind(sys);
  const fixed = [`${sep}node_modules${sep}`, packageRoot() + `${sep}dist${sep}`];
  sys.watchFile = (path, ...rest) =>
    fixed.some((part) => path.includes(part)) || !watchFile ? { close: () => undefined } : watchFile(path, ...rest);
}
