import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, sep } from "node:path";
import { packageRoot } from "../../files/package-root";
import { packageOf } from "../borrowed-packages";
import type { TypeScript } from "./typescript";

/** The part of TypeScript's system through which packages are found. */
export type FileSystem = Pick<
  TypeScript["sys"],
  "fileExists" | "directoryExists" | "readFile" | "getDirectories" | "readDirectory"
> & { realpath(path: string): string };

/**
 * Where gradamp and the packages that it stands on lie for TypeScript: above every notebook, so that they are found from each
 * where it has none of its own, can be named in the declarations that lead from cell to cell, and have the same paths in
 * every kernel.
 */
export const OVERLAY = `${sep}node_modules${sep}`;

/** Where gradamp's copy of a package really lies; null where it has none. */
export function ownPackage(name: string): string | null {
  if (name === "gradamp") return packageRoot();
  const places = createRequire(join(packageRoot(), "package.json")).resolve.paths(name) ?? [];
  return places.map((place) => join(place, name)).find((found) => existsSync(join(found, "package.json"))) ?? null;
}

/**
 * The file system with gradamp's packages in a folder where they are not. A package's own node_modules is hidden there, so
 * that there is one of each.
 */
export function overlayPackages({ sys }: TypeScript): FileSystem {
  const known = new Map<string, string | null>();
  const own = (name: string) => {
    let found = known.get(name);
    if (found === undefined) known.set(name, (found = ownPackage(name)));
    return found;
  };
  /** Where a path really leads: null for what is hidden, itself for what is not gradamp's. */
  const real = (path: string): string | null => {
    if (!path.startsWith(OVERLAY)) return path;
    const inside = path.slice(OVERLAY.length);
    const name = packageOf(inside);
    const found = name === null || name === "@types" || name.startsWith("@types/") ? null : own(name);
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
    directoryExists: (path) => path + sep === OVERLAY || directoryExists(path),
    readFile: through(sys.readFile.bind(sys), undefined),
    getDirectories: through(sys.getDirectories.bind(sys), []),
    readDirectory: through(sys.readDirectory.bind(sys), []),
    realpath: (path) => (real(path) === path ? (realpath?.(path) ?? path) : path),
  };
}
