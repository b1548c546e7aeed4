import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, parse } from "node:path";
import { packageRoot } from "../../files/package-root";

/**
 * Packages that notebooks may import from any folder, because gradamp has them: itself, its tables and its TensorFlow.
 * What a notebook's own folder offers goes first.
 */
export const ownPackages = [
  "gradamp",
  "arquero",
  "danfojs-node",
  "@tensorflow/tfjs",
  "@tensorflow/tfjs-core",
  "@tensorflow/tfjs-layers",
  "@tensorflow/tfjs-node",
  "@tensorflow/tfjs-node-gpu",
] as const;

/** Whether a folder, or one above it, has a package in its node_modules. */
export function hasPackage(folder: string, name: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, "node_modules", name, "package.json"))) return true;
    if (at === parse(at).root) return false;
  }
}

/** The folder of a package that gradamp has; null where it is not installed. */
export function ownPackageFolder(name: string): string | null {
  if (name === "gradamp") return packageRoot();
  const roots = createRequire(join(packageRoot(), "package.json")).resolve.paths(name) ?? [];
  return roots.map((root) => join(root, name)).find((folder) => existsSync(join(folder, "package.json"))) ?? null;
}
