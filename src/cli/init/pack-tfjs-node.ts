import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { create } from "tar";
import { packageRoot } from "../../files/package-root";

interface Manifest {
  version: string;
  scripts?: Record<string, string>;
  dependencies: Record<string, string>;
  [field: string]: unknown;
}

/** What only its install script and its build need. */
const forInstallation = ["adm-zip", "https-proxy-agent", "rimraf", "tar"];

/**
 * Packs @tensorflow/tfjs-node-gpu as it was published, but for its install script, which `gradamp setup` replaces.
 *
 * @returns the tarball's name
 */
export async function packTfjsNode(folder: string): Promise<string> {
  const source = dirname(
    createRequire(join(packageRoot(), "package.json")).resolve("@tensorflow/tfjs-node-gpu/package.json"),
  );
  const staging = mkdtempSync(join(tmpdir(), "gradamp-pack-"));
  try {
    const target = join(staging, "package");
    // lib/ holds the addon of this machine, deps/ a libtensorflow, if any.
    const left = ["lib", "deps", "node_modules", "binding.gyp", "scripts"].map((name) => join(source, name));
    cpSync(source, target, { recursive: true, filter: (path) => !left.includes(path) });
    const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as Manifest;
    const { version, scripts: _scripts, devDependencies: _development, dependencies, ...rest } = manifest;
    const kept = Object.fromEntries(Object.entries(dependencies).filter(([name]) => !forInstallation.includes(name)));
    const changed = { ...rest, version, gypfile: false, dependencies: kept };
    writeFileSync(join(target, "package.json"), `${JSON.stringify(changed, null, 2)}\n`);
    const name = `tensorflow-tfjs-node-gpu-${version}.tgz`;
    await create({ gzip: { level: 9 }, portable: true, cwd: staging, file: join(folder, name) }, ["package"]);
    return name;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
