import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { findProgram } from "../../files/find-program";
import { packageRoot } from "../../files/package-root";
import { writeFileAtomically } from "../../files/write-file-atomically";
import type { SpecPlace } from "./spec-place";

const NAME = "gradamp_papermill";
const source = () => join(packageRoot(), "src", "kernel", "spec", "papermill", `${NAME}.py`);

/**
 * Gives Python a module by which papermill can write parameters in TypeScript: to the environment into which the kernelspec
 * goes, where that is one, and to the one whose `papermill` is on PATH. It is written as pip would write it, so that
 * `pip uninstall gradamp-papermill` takes it away.
 *
 * @returns the modules that were written
 */
export function installPapermillTranslator(place: SpecPlace, environment: NodeJS.ProcessEnv = process.env): string[] {
  const pythons = [
    place.prefix === undefined ? null : pythonIn(resolve(place.prefix)),
    place.sysPrefix ? pythonIn(environment["VIRTUAL_ENV"] ?? environment["CONDA_PREFIX"] ?? "") : null,
    pythonOfPapermill(environment),
  ].filter((python) => python !== null);
  const folders = new Set(pythons.flatMap((python) => sitePackages(python) ?? []));
  return [...folders].flatMap((folder) => {
    try {
      return [write(folder)];
    } catch (error) {
      // An environment that the user may not change, such as the system's.
      if (/EACCES|EPERM|EROFS/.test(String((error as NodeJS.ErrnoException).code))) return [];
      throw error;
    }
  });
}

function write(folder: string): string {
  const { version } = require(join(packageRoot(), "package.json")) as { version: string };
  const info = `${NAME}-${version}.dist-info`;
  const files: Record<string, string> = {
    [`${NAME}.py`]: readFileSync(source(), "utf8"),
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: gradamp-papermill\nVersion: ${version}\nSummary: papermill's parameters in TypeScript, for gradamp's Jupyter kernel\n`,
    [`${info}/entry_points.txt`]: `[papermill.engine]\ngradamp = ${NAME}:Engine\n`,
    [`${info}/INSTALLER`]: "gradamp\n",
    [`${info}/top_level.txt`]: `${NAME}\n`,
  };
  const record = Object.entries(files).map(([path, text]) => {
    const hash = createHash("sha256").update(text).digest("base64url");
    return `${path},sha256=${hash},${Buffer.byteLength(text)}\n`;
  });
  for (const [path, text] of Object.entries(files)) writeFileAtomically(join(folder, path), text);
  writeFileAtomically(join(folder, info, "RECORD"), `${record.join("")}${info}/RECORD,,\n`);
  return join(folder, `${NAME}.py`);
}

function pythonIn(prefix: string): string | null {
  const python = join(prefix, "bin", "python");
  return prefix !== "" && existsSync(python) ? python : null;
}

/** The Python that runs the `papermill` on PATH, as the first line of that script says. */
function pythonOfPapermill(environment: NodeJS.ProcessEnv): string | null {
  const program = findProgram(["papermill"], environment);
  if (program === null) return null;
  const [, python] = /^#!\s*(\/\S*python[\d.]*)\s*$/m.exec(readFileSync(program, "utf8").split("\n", 1)[0] ?? "") ?? [];
  return python ?? null;
}

function sitePackages(python: string): string | null {
  try {
    const code = "import sysconfig; print(sysconfig.get_paths()['purelib'])";
    return execFileSync(python, ["-c", code], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    // No Python after all.
    return null;
  }
}
