import Module, { createRequire } from "node:module";
import { basename, dirname, extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type * as typescript from "typescript";
import { packageRoot } from "../files/package-root";
import { readText } from "../files/read-text";
import { findModule, loadTypeScript } from "./module-files";

/** Parts of Node's module loader that its types leave out. */
interface NodeModule extends NodeJS.Module {
  _compile(code: string, file: string): void;
}
const nodeModulePaths = (Module as unknown as { _nodeModulePaths(folder: string): string[] })._nodeModulePaths;

/** What stands for `import.meta` in a file compiled to CommonJS. */
const META = "__importMeta";

/**
 * What a user's own module exports by default, in TypeScript or JavaScript, without a build step; a Promise where it has
 * to be awaited.
 *
 * It and its relative imports are compiled and run anew each time, so that a model is another one each time. `gradamp` and
 * tfjs are those of this process, whatever is installed beside the module: tensors of two TensorFlows do not meet.
 *
 * @throws {RangeError} if there is no such file
 * @throws {TypeError} if it exports nothing by default
 * @throws {Error} if the module itself throws one
 */
export function loadModule(path: string): unknown {
  const file = findModule(resolve(path));
  if (!file) throw new RangeError(`Expected a module at ${resolve(path)} but found no such file`);
  const exported = new Loader().load(file) as { __esModule?: boolean; default?: unknown } | undefined;
  const found = exported?.__esModule || exported?.default !== undefined ? exported.default : exported;
  const isNothing =
    found === undefined ||
    (typeof found === "object" && found === exported && Object.keys(exported ?? {}).length === 0);
  if (isNothing) throw new TypeError(`Expected ${file} to have a default export but found none: export default …`);
  return found;
}

class Loader {
  readonly #modules = new Map<string, NodeJS.Module>();

  load(file: string): unknown {
    const known = this.#modules.get(file);
    if (known) return known.exports;
    const module = new Module(file) as NodeModule;
    module.filename = file;
    module.paths = nodeModulePaths(dirname(file));
    module.require = this.#requireFrom(file);
    // Known before it runs: files may import each other in a circle.
    this.#modules.set(file, module);
    if (extname(file) === ".json") module.exports = JSON.parse(readText(file));
    else run(module, file);
    return module.exports;
  }

  #requireFrom(file: string): NodeJS.Require {
    const native = createRequire(file);
    const load = (id: string): unknown => {
      const own = ofThisProcess(id);
      if (own !== null) return own;
      if (!/^\.{0,2}\//.test(id)) return native(id);
      const found = findModule(resolve(dirname(file), id));
      if (!found) throw new Error(`Expected ${id} beside ${file}, which imports it, but found no such file`);
      return found.endsWith(".node") ? native(found) : this.load(found);
    };
    const { resolve: find, cache, extensions, main } = native;
    return Object.assign(load, { resolve: find, cache, extensions, main });
  }
}

/** gradamp and tfjs as this process has them; null for other packages. */
function ofThisProcess(id: string): unknown {
  const dist = join(packageRoot(), "dist", "src");
  if (id === "gradamp") return require(join(dist, "index.js"));
  if (id === "gradamp/advanced") return require(join(dist, "advanced.js"));
  if (/^@tensorflow\/tfjs(-node|-node-gpu|-core|-layers)?$/.test(id))
    return (require(join(dist, "tensorflow", "tf.js")) as { tf: unknown }).tf;
  return null;
}

function run(module: NodeModule, file: string): void {
  const text = readText(file);
  // What has no import or export is CommonJS as it is.
  const isCommonJs = /\.c?js$/.test(file) && !/^\s*(import|export)\b/m.test(text);
  try {
    module._compile(isCommonJs ? text : compiled(text, file), file);
  } catch (error) {
    if (/^await is only valid|top-level await/.test((error as Error | undefined)?.message ?? ""))
      throw new SyntaxError(
        `Expected no await at the top level of ${file} but found one: export a function, which may be async`,
        { cause: error },
      );
    throw error;
  }
}

function compiled(text: string, file: string): string {
  const ts = loadTypeScript();
  const { outputText, diagnostics = [] } = ts.transpileModule(text, {
    // By the endings of ESM's files TypeScript would leave imports as they are.
    fileName: file.replace(/\.m([jt]s)$/, ".$1"),
    reportDiagnostics: true,
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
      allowJs: true,
      inlineSourceMap: true,
    },
    transformers: { before: [withoutImportMeta(ts)] },
  });
  const [first] = diagnostics.filter(({ category }) => category === ts.DiagnosticCategory.Error);
  if (first) {
    const { line = 0 } = first.file?.getLineAndCharacterOfPosition(first.start ?? 0) ?? {};
    throw new SyntaxError(`${basename(file)}, line ${line + 1}: ${ts.flattenDiagnosticMessageText(first.messageText, "\n")}`); // prettier-ignore
  }
  if (!outputText.includes(META)) return outputText;
  const meta = { url: pathToFileURL(file).href, filename: file, dirname: dirname(file) };
  // On the first line, which keeps the numbers of the others.
  return `const ${META} = ${JSON.stringify(meta)}; ${outputText}`;
}

const withoutImportMeta =
  (ts: typeof typescript): typescript.TransformerFactory<typescript.SourceFile> =>
  (context) => {
    const visit = (node: typescript.Node): typescript.Node =>
      ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword
        ? context.factory.createIdentifier(META)
        : ts.visitEachChild(node, visit, context);
    return (source) => ts.visitNode(source, visit) as typescript.SourceFile;
  };
