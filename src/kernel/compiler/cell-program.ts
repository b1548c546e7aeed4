import { realpathSync, statSync } from "node:fs";
import { packageOf } from "../borrowed-packages";
import { dirname, join, sep } from "node:path";
import type * as typescript from "typescript";
import { packageRoot } from "../../files/package-root";
import { CELL_GLOBALS } from "./cell-globals";
import type { CompilerBase } from "./compiler-base";
import { OVERLAY, overlayPackages, ownPackage } from "./overlay-packages";
import type { TypeScript } from "./typescript";

/** A cell as TypeScript sees it. */
export interface CheckedCell {
  program: typescript.Program;
  cell: typescript.SourceFile;
  /** What earlier cells declare. */
  earlier: typescript.SourceFile;
}

/**
 * The program of a notebook: the cell that is looked at, what earlier cells have declared, modules that are cells, and all
 * that they import.
 *
 * The names of earlier cells are the scope around the cell's own: its file's parent in the syntax tree is theirs, where
 * TypeScript looks for a name that the file itself does not declare.
 */
export class CellProgram {
  readonly #ts: TypeScript;
  readonly #resolutions: typescript.ModuleResolutionCache;
  readonly #folder: string;
  readonly #cell: string;
  readonly #earlier: string;
  readonly #globals: string;
  readonly #texts = new Map<string, { text: string; version: number }>();
  readonly #imports = new Map<string, readonly string[]>();
  readonly #fixed: readonly string[];
  readonly #known = new Map<string, boolean>();
  readonly #modules: string[] = [];
  readonly service: typescript.LanguageService;

  /** @param folder the notebook's: imports are found from there */
  constructor(base: CompilerBase, folder: string) {
    const { ts } = base;
    this.#ts = ts;
    this.#resolutions = base.resolutions;
    this.#folder = folder;
    this.#cell = join(folder, "__cell__.ts");
    this.#earlier = join(folder, "__earlier__.d.ts");
    this.#fixed = [`${sep}node_modules${sep}`, join(packageRoot(), "dist") + sep];
    this.#globals = join(folder, "__globals__.d.ts");
    this.#set(this.#globals, CELL_GLOBALS);
    this.#set(this.#cell, "");
    this.#set(this.#earlier, "");
    this.service = ts.createLanguageService(this.#host(), base.documents);
  }

  /** Where the cell's code lies. */
  get file(): string {
    return this.#cell;
  }

  /**
   * The program with a cell in it.
   *
   * @param declarations what earlier cells have declared
   */
  look(declarations: string, code: string): CheckedCell {
    this.#set(this.#earlier, `${declarations}\nexport {};`);
    // The same text is looked at anew: a file that it did not find may be there now.
    this.#set(this.#cell, code, true);
    const program = this.service.getProgram();
    const [cell, earlier] = [program?.getSourceFile(this.#cell), program?.getSourceFile(this.#earlier)];
    if (!program || !cell || !earlier) throw new Error("Expected a program with the cell but TypeScript has made none");
    Object.assign(cell, { parent: earlier });
    return { program, cell, earlier };
  }

  /** Adds a cell that is a module for others, or changes it; returns its path. */
  addModule(name: string, code: string): string {
    const path = join(this.#folder, name);
    if (!this.#modules.includes(path)) this.#modules.push(path);
    this.#set(path, code);
    return path;
  }

  /** Whether a file is a cell that is a module for others. */
  isModule(path: string): boolean {
    return this.#modules.includes(path);
  }

  /** What tells one state of a file from another. */
  versionOf(path: string): string {
    const own = this.#texts.get(path);
    if (own) return String(own.version);
    if (this.#isFixed(path)) return "0";
    try {
      const { mtimeMs, size } = statSync(path);
      return `${mtimeMs}-${size}`;
    } catch {
      // Gone since.
      return "gone";
    }
  }

  /** The user's own files that a file imports, and what they import: those that are compiled. */
  dependenciesOf(program: typescript.Program, path: string): typescript.SourceFile[] {
    const found = new Map<string, typescript.SourceFile>();
    const visit = (from: string) => {
      for (const name of this.#imports.get(from) ?? []) {
        const file = program.getSourceFile(name);
        if (!file || found.has(name) || file.isDeclarationFile || name.endsWith(".json")) continue;
        if (name.includes(`${sep}node_modules${sep}`)) continue;
        found.set(name, file);
        visit(name);
      }
    };
    visit(path);
    return [...found.values()];
  }

  /** Whether a file stays as it is: a thousand declarations of packages do not change while a notebook is open. */
  #isFixed(path: string): boolean {
    let fixed = this.#known.get(path);
    if (fixed === undefined) this.#known.set(path, (fixed = this.#fixed.some((part) => path.includes(part))));
    return fixed;
  }

  #set(path: string, text: string, always = false): void {
    const known = this.#texts.get(path);
    if (!always && known?.text === text) return;
    this.#texts.set(path, { text, version: (known?.version ?? 0) + 1 });
  }

  #host(): typescript.LanguageServiceHost {
    const ts = this.#ts;
    const files = overlayPackages(ts);
    const options = this.#options();
    const readFile = (path: string, encoding?: string) => this.#texts.get(path)?.text ?? files.readFile(path, encoding);
    const fileExists = (path: string) => this.#texts.has(path) || files.fileExists(path);
    const library = dirname(ts.getDefaultLibFilePath(options));
    const host = { ...files, readFile, fileExists, getCurrentDirectory: () => this.#folder };
    const cache = this.#resolutions;
    const isFixed = (path: string) => this.#isFixed(path);
    const packages = new Map<string, typescript.ResolvedModuleFull>();
    const snapshots = new Map<string, { version: string; snapshot: typescript.IScriptSnapshot }>();

    /** Whether a file is of gradamp's own copy of a package. */
    const isOwn = (name: string, file: string): boolean => {
      const own = file.startsWith(OVERLAY) ? null : ownPackage(packageOf(name) ?? "");
      return own !== null && file.startsWith(realpathSync(own) + sep);
    };
    const find = (name: string, from: string): typescript.ResolvedModuleFull | undefined => {
      const isRelative = ts.isExternalModuleNameRelative(name);
      const known = isRelative || isFixed(from) ? undefined : packages.get(`${dirname(from)}\0${name}`);
      if (known) return known;
      const shared = isFixed(from) ? cache : undefined;
      let found = ts.resolveModuleName(name, from, options, host, shared).resolvedModule;
      // What is gradamp's own copy anyway is one with that which gradamp's types speak of.
      if (!isRelative && !isFixed(from) && found && isOwn(name, found.resolvedFileName))
        found = ts.resolveModuleName(name, dirname(OVERLAY) + "cell.ts", options, host, cache).resolvedModule ?? found;
      // Packages whose `exports` tell of no types may have them where older TypeScript looks.
      if (!isRelative && (!found || /\.[cm]?js$/.test(found.resolvedFileName))) {
        const older = { ...options, moduleResolution: ts.ModuleResolutionKind.Node10 };
        found = ts.resolveModuleName(name, from, older, host).resolvedModule ?? found;
      }
      if (found && !isRelative && !isFixed(from)) packages.set(`${dirname(from)}\0${name}`, found);
      return found;
    };

    // TypeScript asks for these, though its types do not say so: what a file of the user's did not find may have come; and
    // each package.json is read once.
    const unresolved = new Set<string>();
    const asked = {
      hasInvalidatedResolutions: (path: string) => unresolved.has(path),
      getModuleResolutionCache: () => cache,
    };
    return {
      ...host,
      ...asked,
      getScriptFileNames: () => [this.#globals, this.#earlier, this.#cell, ...this.#modules],
      getScriptVersion: (path) => this.versionOf(path),
      getScriptSnapshot: (path) => {
        // TypeScript asks for every file's each time, whether it has changed or not.
        const version = this.versionOf(path);
        const known = snapshots.get(path);
        if (known?.version === version) return known.snapshot;
        const text = readFile(path);
        if (text === undefined) return undefined;
        const snapshot = ts.ScriptSnapshot.fromString(text);
        snapshots.set(path, { version, snapshot });
        return snapshot;
      },
      getCompilationSettings: () => options,
      getDefaultLibFileName: () => join(library, "lib.esnext.d.ts"),
      useCaseSensitiveFileNames: () => true,
      getNewLine: () => "\n",
      resolveModuleNameLiterals: (names, from) => {
        const found = names.map(({ text }) => find(text, from));
        if (found.includes(undefined) && !isFixed(from)) unresolved.add(from);
        else unresolved.delete(from);
        if (!isFixed(from))
          this.#imports.set(
            from,
            found.flatMap((each) => each?.resolvedFileName ?? []),
          );
        return found.map((resolvedModule) => ({ resolvedModule }));
      },
    };
  }

  #options(): typescript.CompilerOptions {
    const ts = this.#ts;
    return {
      target: ts.ScriptTarget.ES2024,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      // Every file is a module, a cell without import and export too.
      moduleDetection: ts.ModuleDetectionKind.Force,
      lib: ["lib.esnext.d.ts"],
      ...this.#globalTypes(),
      strict: false,
      esModuleInterop: true,
      resolveJsonModule: true,
      allowImportingTsExtensions: true,
      // .js files beside the notebook are compiled too, so that they can be interrupted.
      allowJs: true,
      checkJs: true,
      jsx: ts.JsxEmit.React,
      declaration: true,
      sourceMap: true,
      skipLibCheck: true,
      newLine: ts.NewLineKind.LineFeed,
      outDir: "/__compiled__",
    };
  }

  /**
   * Where global types lie: upward from the notebook. Those of Node come with gradamp where none are there; what else lies
   * beside these is gradamp's own affair, and takes time to read.
   */
  #globalTypes(): { typeRoots: string[]; types: string[] } {
    const { sys } = this.#ts;
    const roots = this.#ts.getEffectiveTypeRoots({}, { getCurrentDirectory: () => this.#folder }) ?? [];
    const names = roots
      .filter((root) => sys.directoryExists(root))
      .flatMap((root) => sys.getDirectories(root))
      .filter((name) => !name.startsWith("."));
    if (names.includes("node")) return { typeRoots: roots, types: [...new Set(names)] };
    const own = dirname(dirname(require.resolve("@types/node/package.json")));
    return { typeRoots: [...(names.length > 0 ? roots : []), own], types: [...new Set([...names, "node"])] };
  }
}
