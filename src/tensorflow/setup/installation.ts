import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { HEADERS } from "./library-files";
import type { UnpackedFile } from "./unpack-wheel";

/** A TensorFlow to build the addon against: one that set-up unpacked, or one that was already there. */
export interface Installation {
  /** Folder in gradamp's cache where the addon goes. */
  readonly directory: string;
  /** null where the version is only known once it is loaded. */
  readonly version: string | null;
  readonly kind: "cpu" | "gpu" | "external";
  /** The two libraries, absolute. */
  readonly mainLibrary: string;
  readonly frameworkLibrary: string;
  /** Folder of the headers, absolute. */
  readonly include: string;
  /** Folder nvidia/ of the CUDA libraries; null where set-up brought none. */
  readonly nvidia: string | null;
}

/** What manifest.json of an unpacked TensorFlow holds. It is the last file written before the folder gets its name. */
export interface Manifest {
  readonly tensorflow: string;
  readonly wheels: readonly { readonly file: string; readonly sha256: string }[];
  readonly files: readonly UnpackedFile[];
}

/**
 * Whether a folder holds everything that its manifest names, by name and size (no hashing, a few milliseconds), and the
 * manifest every header: one that an older gradamp unpacked may lack some.
 */
export function isComplete(directory: string): boolean {
  try {
    const manifest = JSON.parse(readFileSync(join(directory, "manifest.json"), "utf8")) as Manifest;
    const paths = new Set(manifest.files.map(({ path }) => path));
    if (!HEADERS.every((header) => paths.has(`tensorflow/include/${header}`))) return false;
    return manifest.files.every(({ path, size }) => statSync(join(directory, path)).size === size);
  } catch {
    return false;
  }
}

/** What addon.json beside a built addon says: all that the loader and doctor need, without looking at the cache. */
export interface AddonRecord {
  readonly tensorflow: string;
  readonly kind: Installation["kind"];
  readonly mainLibrary: string;
  readonly frameworkLibrary: string;
  readonly nvidia: string | null;
  /** What TensorFlow said of the CUDA libraries at set-up; null where it was built for the CPU. */
  readonly cuda: CudaAnswer | null;
}

/** TensorFlow's answer to which CUDA libraries it can open. */
export interface CudaAnswer {
  readonly accepted: boolean;
  /** Names of those it cannot open, as libcudnn.so.9. */
  readonly missing: readonly string[];
}

/**
 * Reads addon.json in the folder of an addon; null where gradamp's set-up did not build it. What lies in the cache is
 * named relative to the addon, so that a cache may be moved.
 */
export function readAddonRecord(folder: string): AddonRecord | null {
  const file = join(folder, "addon.json");
  if (!existsSync(file)) return null;
  const record = JSON.parse(readFileSync(file, "utf8")) as AddonRecord;
  if (record.kind === "external") return record;
  const installation = dirname(folder);
  const libraries = join(installation, "tensorflow");
  return {
    ...record,
    mainLibrary: join(libraries, basename(record.mainLibrary)),
    frameworkLibrary: join(libraries, basename(record.frameworkLibrary)),
    nvidia: record.nvidia === null ? null : join(installation, "nvidia"),
  };
}
