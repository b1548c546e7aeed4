import { readFileSync, readdirSync } from "node:fs";
import Module from "node:module";
import { dirname, join, sep } from "node:path";
import ts from "typescript";

type Loader = (module: NodeJS.Module & { _compile(code: string, file: string): void }, file: string) => void;

const BUNDLE = require.resolve("@tensorflow/tfjs-core");
const DIST = dirname(BUNDLE);
/** Modules that re-export the library's public names. */
const DOORS = ["index.js", join("ops", "ops.js")].map((file) => join(DIST, file));

/** All test files of tfjs-core, as paths in its `dist`. */
export function specFiles(): string[] {
  return readdirSync(DIST, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("_test.js") && !file.startsWith("miniprogram"))
    .sort();
}

/**
 * Lets tfjs-core's specs, which ship as ES modules in files that Node takes for CommonJS, be required, on the one tfjs of
 * the process: what they import from the library's door is `library`.
 */
export function admitSpecs(library: object): void {
  const extensions = (Module as unknown as { _extensions: Record<string, Loader> })._extensions;
  const load = extensions[".js"]!;
  extensions[".js"] = (module, file) => {
    if (!file.startsWith(DIST + sep) || file === BUNDLE) return load(module, file);
    if (DOORS.includes(file)) {
      module.exports = library;
      return;
    }
    const source = readFileSync(file, "utf8").replace(/\n\/\/# sourceMappingURL=.*/, "");
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    module._compile(outputText, file);
  };
}

/** Loads a module of tfjs-core's `dist` as its specs do. */
export const requireOfCore = (file: string): unknown => require(join(DIST, file));
