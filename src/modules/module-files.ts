import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type * as typescript from "typescript";
import { readText } from "../files/read-text";

/** TypeScript takes a third of a second to load, and only who has a module of their own needs it. */
export const loadTypeScript = (): typeof typescript => require("typescript") as typeof typescript;

const ENDINGS = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json"];

/** What files in TypeScript call each other by: the name that the compiled file would have. */
const COMPILED: Readonly<Record<string, string>> = { ".js": ".ts", ".mjs": ".mts", ".cjs": ".cts" };

/** The file that an import without its ending, or with that of the compiled file, means; null where there is none. */
export function findModule(path: string): string | null {
  const isFile = (file: string) => existsSync(file) && statSync(file).isFile();
  const source = path.replace(/\.[cm]?js$/, (ending) => COMPILED[ending]!);
  const tried = [path, source, ...ENDINGS.map((ending) => `${path}${ending}`), ...ENDINGS.map((ending) => join(path, `index${ending}`))]; // prettier-ignore
  return tried.find(isFile) ?? null;
}

/**
 * A module with all files that it imports by a relative path, and these in turn, each once; packages are not among them.
 *
 * @throws {RangeError} if the module is not there
 */
export function moduleFiles(path: string): Map<string, string> {
  const files = new Map<string, string>();
  const visit = (file: string) => {
    if (files.has(file)) return;
    const text = readText(file);
    files.set(file, text);
    if (file.endsWith(".json")) return;
    for (const { fileName } of loadTypeScript().preProcessFile(text, true, true).importedFiles) {
      const found = /^\.{0,2}\//.test(fileName) ? findModule(resolve(dirname(file), fileName)) : null;
      // What is missing is told when it is loaded, with where it is asked for.
      if (found) visit(found);
    }
  };
  const found = findModule(resolve(path));
  if (!found) throw new RangeError(`Expected a module at ${resolve(path)} but found no such file`);
  visit(found);
  return files;
}

/**
 * What tells a module from another, and from itself after a change: 16 hexadecimal digits of its content and that of all
 * files that it imports by a relative path.
 */
export function hashModule(path: string): string {
  const files = moduleFiles(path);
  const [root = ""] = files.keys();
  const hash = createHash("sha256");
  const named = [...files].map(([file, text]) => [relative(dirname(root), file), text] as const);
  for (const [name, text] of named.sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(`${name}\0${text}\0`);
  return hash.digest("hex").slice(0, 16);
}
