import { SourceMap } from "node:module";
import type * as typescript from "typescript";
import type { CompiledCode, SourceMapPayload } from "../../cells/messages";
import { importMeta } from "./import-meta";
import { interruptible } from "./interruptible";
import { liveVariables } from "./live-variables";
import type { TypeScript } from "../typescript";

/** A cell or file as it is run. */
export interface RunnableCode extends CompiledCode {
  /** Whether it awaits at its top level. */
  isAsync: boolean;
  /** The names that it declares at its top level. */
  declares: string[];
  /** Those of them that go on from an earlier cell's value, as in `var n = n + 1`. */
  continues: string[];
}

/**
 * Turns the ES module that TypeScript made of a cell or file into what is run: CommonJS that can be interrupted, in which
 * the variables of a cell are live.
 *
 * @param map leads from the module back to what the user wrote
 * @param name how the place is called in stack traces
 * @param live whether what it declares is one variable for all cells
 */
export function commonJs(
  ts: TypeScript,
  module: { code: string; map: SourceMapPayload; name: string; live: boolean },
): RunnableCode {
  const { name, map } = module;
  const compilerOptions: typescript.CompilerOptions = {
    target: ts.ScriptTarget.ES2024,
    esModuleInterop: true,
    newLine: ts.NewLineKind.LineFeed,
    sourceMap: true,
  };
  const first = module.live
    ? withLiveVariables(ts, module.code, compilerOptions)
    : { code: module.code, maps: [], continues: [] };
  const inner = [...first.maps, map];
  const back = inner.map((each) => new SourceMap(each as never));
  let isAsync = false;
  const { outputText, sourceMapText } = ts.transpileModule(first.code, {
    fileName: "module.js",
    compilerOptions: { ...compilerOptions, module: ts.ModuleKind.CommonJS },
    transformers: {
      before: [
        importMeta(ts),
        interruptible(ts, {
          onAwait: () => (isAsync = true),
          where: (place) => {
            const at = back.reduce(({ line, character }, each) => {
              const entry = each.findEntry(line, character) as { originalLine?: number; originalColumn?: number };
              return { line: entry.originalLine ?? 0, character: entry.originalColumn ?? 0 };
            }, place);
            return `${name}:${at.line + 1}:${at.character + 1}`;
          },
        }),
      ],
    },
  });
  const code = withoutMap(outputText);
  const declared = /^exports\.\S+ = .*void 0;$/m.exec(code)?.[0] ?? "";
  const declares = [...declared.matchAll(/exports\.(\S+) = /g)].map(([, exported]) => exported ?? "");
  const outer = JSON.parse(sourceMapText ?? "{}") as SourceMapPayload;
  return { code, maps: [outer, ...inner], isAsync, declares, continues: first.continues };
}

/** A cell's JavaScript with what it declares made live, still an ES module, and the map that leads back. */
function withLiveVariables(ts: TypeScript, code: string, options: typescript.CompilerOptions) {
  const continues: string[] = [];
  const { outputText, sourceMapText } = ts.transpileModule(code, {
    fileName: "module.js",
    compilerOptions: { ...options, module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ESNext },
    transformers: { before: [liveVariables(ts, (name) => continues.push(name))] },
  });
  return { code: withoutMap(outputText), maps: [JSON.parse(sourceMapText ?? "{}") as SourceMapPayload], continues };
}

/** Code without the comment that names its source map. */
export function withoutMap(code: string): string {
  return code.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
}
