/**
 * What a snapshot of the compiler is made from: it loads the compiler, lets it read the types of ECMAScript, Node and
 * gradamp, and is stopped there. Snapshots are made of one file, which may require Node's own modules alone; so it loads the
 * others by itself.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { startupSnapshot } from "node:v8";
import { runInThisContext } from "node:vm";
import type { CellCompiler } from "../cell-compiler";
import type { CompilerBase } from "../compiler-base";

type Load = (id: string) => unknown;
type Wrapper = (exports: object, require: Load, module: object, file: string, folder: string) => void;

const loaded = new Map<string, { exports: object }>();

function fileOf(id: string, folder: string): string {
  const isFile = (path: string) => existsSync(path) && statSync(path).isFile();
  const candidates = (path: string) => [path, `${path}.js`, join(path, "index.js")];
  if (/^\.{0,2}\//.test(id)) return candidates(resolve(folder, id)).find(isFile) ?? id;
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, "node_modules", id);
    const manifest = join(path, "package.json");
    if (isFile(path)) return path;
    if (isFile(manifest))
      return join(path, (JSON.parse(readFileSync(manifest, "utf8")) as { main?: string }).main ?? "index.js");
    if (at === dirname(at)) throw Object.assign(new Error(`Cannot find ${id}`), { code: "MODULE_NOT_FOUND" });
  }
}

/** A module of Node's; null for all else, which `require` does not know here. */
function builtin(id: string): unknown {
  if (/^[./]/.test(id)) return null;
  try {
    return require(id.replace(/^node:/, ""));
  } catch {
    return null;
  }
}

function load(file: string): object {
  const known = loaded.get(file);
  if (known) return known.exports;
  const module = { exports: {} };
  loaded.set(file, module);
  const folder = dirname(file);
  const source = readFileSync(file, "utf8");
  if (file.endsWith(".json")) module.exports = JSON.parse(source) as object;
  else {
    const demand = Object.assign((id: string) => builtin(id) ?? load(fileOf(id, folder)), {
      resolve: (id: string) => fileOf(id, folder),
    });
    const wrapper = `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
    (runInThisContext(wrapper, { filename: file }) as Wrapper)(module.exports, demand, module, file, folder);
  }
  return module.exports;
}

const part = <Exports>(name: string) => load(join(__dirname, "..", name)) as Exports;
const { makeCompilerBase } = part<{ makeCompilerBase(loaded: object): CompilerBase }>("compiler-base.js");
const ts = load(fileOf("typescript", __dirname));
const base = makeCompilerBase({ ts, keep: () => undefined });
const { CellCompiler: Compiler } = part<{ CellCompiler: typeof CellCompiler }>("cell-compiler.js");
const { serveCompiler } = part<{ serveCompiler(base: CompilerBase): void }>("process/serve-compiler.js");

// A cell of each kind, so that V8 has compiled what compiles them. Completion sorts by the rules of a language, for which V8
// holds on to something that no snapshot can keep.
const compiler = new Compiler(base, join("/", "__nowhere__"));
for (const code of [
  'import * as ga from "gradamp";',
  "const first = 1; await null;",
  "ga.train; for (const i of [first]) i",
]) {
  compiler.compile(code, 1);
  compiler.keep([]);
}
compiler.inspect("ga.train", 5);
compiler.isComplete("f(");

startupSnapshot.setDeserializeMainFunction(() => serveCompiler(base));
