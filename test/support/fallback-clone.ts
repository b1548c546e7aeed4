import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "..", "..", "..");

/**
 * A copy of gradamp in which TensorFlow was never set up, sharing what is big with this one by links: run Node there with
 * `PRESERVE`, so that the links' own places count.
 *
 * @returns its folder
 */
export function makeFallbackClone(): string {
  const folder = mkdtempSync(join(tmpdir(), "gradamp-clone-"));
  cpSync(join(root, "dist", "src"), join(folder, "dist", "src"), { recursive: true });
  for (const name of ["package.json", "bin", "shims", join("src", "tensorflow", "addon")])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  linkAll(join(root, "node_modules"), join(folder, "node_modules"), new Set(["@tensorflow", "gradamp"]));
  const scope = join("node_modules", "@tensorflow");
  linkAll(join(root, scope), join(folder, scope), new Set(["tfjs-node-gpu", "tfjs-node"]));
  symlinkSync(join(folder, "shims", "tfjs-node"), join(folder, scope, "tfjs-node"));
  symlinkSync(folder, join(folder, "node_modules", "gradamp"));
  const upstream = join(scope, "tfjs-node-gpu");
  cpSync(join(root, upstream), join(folder, upstream), {
    recursive: true,
    filter: (path) => !path.startsWith(join(root, upstream, "lib")),
  });
  return folder;
}

/** Node's options for a clone made of links. */
export const PRESERVE = ["--preserve-symlinks", "--preserve-symlinks-main"];

function linkAll(from: string, to: string, except: ReadonlySet<string>): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) if (!except.has(name)) symlinkSync(join(from, name), join(to, name));
}
