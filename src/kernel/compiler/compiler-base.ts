import type * as typescript from "typescript";
import { loadTypeScript, type TypeScript } from "./typescript";

/** What all notebooks have in common: TypeScript, and the files of packages that it has read. */
export interface CompilerBase {
  readonly ts: TypeScript;
  readonly documents: typescript.DocumentRegistry;
  /** Where the files of packages have found what they import. */
  readonly resolutions: typescript.ModuleResolutionCache;
  /** Makes the next start quicker. */
  keep(): void;
}

export function makeCompilerBase({ ts, keep } = loadTypeScript()): CompilerBase {
  return {
    ts,
    documents: ts.createDocumentRegistry(),
    resolutions: ts.createModuleResolutionCache("/", (name) => name),
    keep,
  };
}
