import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { KernelSpec } from "./kernel-spec";

/** A kernelspec as it lies in a folder; null where there is none that is gradamp's. */
export function readKernelSpec(folder: string): KernelSpec | null {
  const file = join(folder, "kernel.json");
  if (!existsSync(file)) return null;
  try {
    const spec = JSON.parse(readFileSync(file, "utf8")) as Partial<KernelSpec>;
    return spec.metadata?.gradamp && Array.isArray(spec.argv) ? (spec as KernelSpec) : null;
  } catch {
    return null;
  }
}
