import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../files/package-root";
import { writeFileAtomically } from "../../files/write-file-atomically";
import { kernelSpec } from "./kernel-spec";
import { specPlace, type SpecPlace } from "./spec-place";

/** The kernel's logo, in the sizes that Jupyter asks for. */
const logoFolder = () => join(packageRoot(), "src", "kernel", "spec", "logo");

/**
 * Makes the kernel known to Jupyter; no Python is needed for it.
 *
 * @returns the folder that was written
 */
export function installKernelSpec(place: SpecPlace = {}, environment: NodeJS.ProcessEnv = process.env): string {
  const folder = specPlace(place, environment);
  for (const file of readdirSync(logoFolder()))
    writeFileAtomically(join(folder, file), readFileSync(join(logoFolder(), file)));
  writeFileAtomically(join(folder, "kernel.json"), `${JSON.stringify(kernelSpec(), null, 2)}\n`);
  return folder;
}
