import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, parse } from "node:path";
import { packageRoot } from "../files/package-root";

/** The name of the package that an import asks for; null where it asks for a file or a module of Node's. */
export function packageOf(specifier: string): string | null {
  if (/^[./]|^node:/.test(specifier)) return null;
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? null);
}

/**
 * Where a notebook finds a package that neither its folder nor one above it has: gradamp itself, and the packages that
 * gradamp stands on, so that `import … from "gradamp"` and tables and tensors of the same kind work from any folder.
 *
 * @returns null where the notebook has its own, or gradamp has none
 */
export function borrowedPackage(folder: string, name: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, "node_modules", name, "package.json"))) return null;
    if (at === parse(at).root) break;
  }
  if (name === "gradamp") return packageRoot();
  const places = createRequire(join(packageRoot(), "package.json")).resolve.paths(name) ?? [];
  return places.map((place) => join(place, name)).find((found) => existsSync(join(found, "package.json"))) ?? null;
}
