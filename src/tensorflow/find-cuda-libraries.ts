import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** What TensorFlow 2.21 opens before it uses a GPU; libnvJitLink is needed by two of the others. */
export const CUDA_LIBRARIES = [
  "libcudart.so.12",
  "libcublas.so.12",
  "libcublasLt.so.12",
  "libcufft.so.11",
  "libcusolver.so.11",
  "libcusparse.so.12",
  "libcudnn.so.9",
  "libnvJitLink.so.12",
] as const;

/**
 * Names of the CUDA libraries that are neither in a folder nvidia/ (as NVIDIA's wheels unpack), nor on
 * LD_LIBRARY_PATH, nor known to the system's linker.
 */
export function missingCudaLibraries(nvidia: string | null, environment: NodeJS.ProcessEnv = process.env): string[] {
  const packages = nvidia && existsSync(nvidia) ? readdirSync(nvidia).map((name) => join(nvidia, name, "lib")) : [];
  const places = [...packages, ...(environment["LD_LIBRARY_PATH"] ?? "").split(":").filter((place) => place !== "")];
  const missing = CUDA_LIBRARIES.filter((library) => !places.some((place) => existsSync(join(place, library))));
  if (missing.length === 0) return [];
  // Slower (some ms), so only where it matters.
  const known = spawnSync("/sbin/ldconfig", ["-p"], { encoding: "utf8" }).stdout ?? "";
  return missing.filter((library) => !known.includes(`\t${library} `));
}
