import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { makeFolder } from "../../files/make-folder";
import { writeFileAtomically } from "../../files/write-file-atomically";
import { packGradamp } from "./pack-gradamp";
import { packTfjsNode } from "./pack-tfjs-node";
import { projectFiles } from "./project-files";

/**
 * Writes a project that uses gradamp and installs with one `npm install`.
 *
 * npm heeds neither the overrides nor the workspaces of a dependency, and would run the install script of
 * tfjs-node-gpu, which downloads a TensorFlow of 2022 or fails. So the project has overrides of its own, and its vendor/
 * holds that package without the script, and the one that hands gradamp's TensorFlow to danfo.
 *
 * @param spec gradamp itself: a tarball, or what npm installs; null packs the copy that is running
 * @returns the files that were written, relative to the folder
 * @throws {RangeError} if the folder is not empty
 */
export async function writeProject(folder: string, spec: string | null): Promise<string[]> {
  const place = resolve(folder);
  if (existsSync(place) && !statSync(place).isDirectory())
    throw new RangeError(`Expected a folder for the project but found the file ${folder}`);
  const there = existsSync(place) ? readdirSync(place).filter((name) => name !== ".git") : [];
  if (there.length > 0)
    throw new RangeError(`Expected an empty folder for the project but found ${there[0]} in ${folder}; choose another`);
  const staging = mkdtempSync(join(tmpdir(), "gradamp-init-"));
  try {
    const vendor = join(staging, "vendor");
    mkdirSync(vendor);
    const gradamp = vendored(vendor, spec) ?? (spec === null ? await packGradamp(vendor) : null);
    const tfjsNode = await packTfjsNode(vendor);
    const files = projectFiles({
      name: basename(place),
      gradamp: gradamp === null ? (spec ?? "") : `file:vendor/${gradamp}`,
      tfjsNode: `file:vendor/${tfjsNode}`,
    });
    for (const [path, text] of Object.entries(files)) writeFileAtomically(join(staging, path), text);
    // All or nothing: half a project would be in the way of the next attempt.
    makeFolder(place);
    for (const name of readdirSync(staging)) cpSync(join(staging, name), join(place, name), { recursive: true });
    return [...Object.keys(files), ...[gradamp, tfjsNode].flatMap((file) => (file === null ? [] : [`vendor/${file}`]))];
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Copies a tarball into the project, which then stands on its own; null where the spec is none. */
function vendored(vendor: string, spec: string | null): string | null {
  if (spec === null || !/\.tgz$/.test(spec) || /^[a-z]+:\/\//.test(spec)) return null;
  const tarball = resolve(spec.replace(/^file:/, ""));
  if (!existsSync(tarball)) throw new RangeError(`Expected a tarball of gradamp but found nothing at ${tarball}`);
  copyFileSync(tarball, join(vendor, basename(tarball)));
  return basename(tarball);
}
