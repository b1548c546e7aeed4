import { existsSync, rmSync } from "node:fs";
import { readKernelSpec } from "./read-kernel-spec";
import { specPlace, type SpecPlace } from "./spec-place";

/**
 * Takes the kernel away from Jupyter.
 *
 * @returns the folder that was removed; null where there was none
 * @throws {Error} if the folder holds a kernel of somebody else's
 */
export function removeKernelSpec(place: SpecPlace = {}, environment: NodeJS.ProcessEnv = process.env): string | null {
  const folder = specPlace(place, environment);
  if (!existsSync(folder)) return null;
  if (!readKernelSpec(folder))
    throw new Error(
      `Expected ${folder} to be gradamp's kernel but found another; remove it with \`jupyter kernelspec\``,
    );
  rmSync(folder, { recursive: true });
  return folder;
}
