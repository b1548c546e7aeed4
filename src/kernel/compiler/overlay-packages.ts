import { join, sep } from "node:path";
import { borrowedPackage, packageOf } from "../borrowed-packages";
import type { TypeScript } from "./typescript";

/** The part of TypeScript's system through which packages are found. */
export type FileSystem = Pick<
  TypeScript["sys"],
  "fileExists" | "directoryExists" | "readFile" | "getDirectories" | "readDirectory"
> & { realpath(path: string): string };

/**
 * The file system with the packages that a notebook borrows from gradamp in the notebook's own node_modules, where they are
 * not: types are found then, and can be named in the declarations that lead from cell to cell.
 *
 * A package's own node_modules is hidden, so that there is one of each.
 */
export function overlayPackages({ sys }: TypeScript, folder: string): FileSystem {
  const root = join(folder, "node_modules") + sep;
  const known = new Map<string, string | null>();
  const borrowed = (name: string) => {
    let found = known.get(name);
    if (found === undefined) known.set(name, (found = borrowedPackage(folder, name)));
    return found;
  };
  /** Where a path really leads: null for what is hidden, itself for what is not borrowed. */
  const real = (path: string): string | null => {
    if (!path.startsWith(root)) return path;
    const inside = path.slice(root.length);
    const name = packageOf(inside);
    const found = name === null || name === "@types" || name.startsWith("@types/") ? null : borrowed(name);
    if (name === null || found === null) return path;
    const rest = inside.slice(name.length);
    return rest.startsWith("/node_modules") ? null : found + rest;
  };
  const through =
    <Values extends unknown[], Result>(work: (path: string, ...values: Values) => Result, otherwise: Result) =>
    (path: string, ...values: Values): Result => {
      const target = real(path);
      return target === null ? otherwise : work(target, ...values);
    };
  const directoryExists = through(sys.directoryExists.bind(sys), false);
  const realpath = sys.realpath?.bind(sys);
  return {
    fileExists: through(sys.fileExists.bind(sys), false),
    // Its own is there for what is borrowed.
    directoryExists: (path) => path + sep === root || directoryExists(path),
    readFile: through(sys.readFile.bind(sys), undefined),
    getDirectories: through(sys.getDirectories.bind(sys), []),
    readDirectory: through(sys.readDirectory.bind(sys), []),
    realpath: (path) => (real(path) === path ? (realpath?.(path) ?? path) : path),
  };
}
