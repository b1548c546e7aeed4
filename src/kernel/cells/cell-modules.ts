import Module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { CompiledModule } from "./messages";
import { registerSource } from "./stack-positions";

interface Loaded {
  exports: unknown;
  /** Modules of the same kind that require this one. */
  dependents: Set<string>;
}

/** Parts of Node's module loader that its types leave out. */
interface NodeModule extends NodeJS.Module {
  _compile(code: string, file: string): void;
}

/**
 * What `require` means in a cell: packages and built-in modules as in a file in the notebook's folder, and the user's own
 * .ts and .js files beside the notebook, which the kernel compiles.
 *
 * A file that has changed is loaded anew, and so is every file that requires it.
 */
export class CellModules {
  readonly #compiled = new Map<string, CompiledModule>();
  readonly #loaded = new Map<string, Loaded>();
  /** For cells themselves. */
  readonly require: NodeJS.Require;

  constructor(folder: string) {
    this.require = this.#requireFrom(folder, createRequire(join(folder, "cell.js")), null);
  }

  /** Loads a package that the next cell will ask for; should that fail, the cell will tell. */
  preload(name: string): void {
    try {
      this.require(name);
    } catch {
      // See above.
    }
  }

  update(modules: readonly CompiledModule[]): void {
    for (const module of modules) {
      this.#compiled.set(module.path, module);
      registerSource(module.path, module, module.source);
      this.#forget(module.path);
    }
  }

  #forget(path: string): void {
    const loaded = this.#loaded.get(path);
    this.#loaded.delete(path);
    for (const dependent of loaded?.dependents ?? []) this.#forget(dependent);
  }

  #requireFrom(folder: string, native: NodeJS.Require, dependent: string | null): NodeJS.Require {
    const load = (id: string): unknown => {
      const path = /^\.{0,2}\//.test(id) ? this.#find(id.startsWith("/") ? id : join(folder, id)) : null;
      if (path !== null) return this.#load(path, dependent);
      return native(id);
    };
    return Object.assign(load, {
      resolve: native.resolve,
      cache: native.cache,
      extensions: native.extensions,
      main: native.main,
    });
  }

  #find(path: string): string | null {
    const compiled = path.replace(/\.[cm]?[jt]sx?$/, ".js");
    return [path, compiled, `${path}.js`, join(path, "index.js")].find((each) => this.#compiled.has(each)) ?? null;
  }

  #load(path: string, dependent: string | null): unknown {
    const known = this.#loaded.get(path);
    if (known) {
      if (dependent !== null) known.dependents.add(dependent);
      return known.exports;
    }
    const module = new Module(path) as NodeModule;
    module.filename = path;
    module.paths = (Module as unknown as { _nodeModulePaths(folder: string): string[] })._nodeModulePaths(
      dirname(path),
    );
    module.require = this.#requireFrom(dirname(path), createRequire(path), path);
    const loaded: Loaded = { exports: module.exports, dependents: new Set(dependent === null ? [] : [dependent]) };
    // Known before it runs: files may require each other in a circle.
    this.#loaded.set(path, loaded);
    try {
      module._compile(this.#compiled.get(path)?.code ?? "", path);
    } catch (error) {
      this.#loaded.delete(path);
      throw error;
    }
    loaded.exports = module.exports;
    return loaded.exports;
  }
}
