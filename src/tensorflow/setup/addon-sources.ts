import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageRoot } from "../../files/package-root";
import type { Installation } from "./installation";

/** The files that make the addon and its two tools, and a key that changes with any of them. */
export interface AddonSources {
  /** Version of @tensorflow/tfjs-node-gpu. */
  readonly version: string;
  /** Folder of @tensorflow/tfjs-node-gpu. */
  readonly package: string;
  /** Translation units of the addon; upstream.cc takes in tfjs-node's own, unmodified. */
  readonly units: readonly string[];
  /** Folder that the paths in their #includes start from. */
  readonly folder: string;
  /** Folders of other people's headers, TensorFlow's excepted. */
  readonly includes: readonly string[];
  readonly earlyLogLevel: string;
  readonly cudaCheck: string;
}

/** How the addon is compiled: part of its key, as its sources are. */
export const ADDON_FLAGS = [
  "-std=c++17",
  "-O3",
  "-fno-trapping-math",
  "-fPIC",
  "-shared",
  "-pthread",
  "-DNAPI_VERSION=8",
];

/** The addon's folder of C++: what JavaScript calls in bridge/, ops for TensorFlow in kernels/, programs in tools/. */
const addonFolder = () => join(packageRoot(), "src", "tensorflow", "addon");

/** Files of the addon's folder, as paths inside it, sorted. */
const addonFiles = () =>
  readdirSync(addonFolder(), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(cc|h)$/.test(file))
    .sort();

/** Finds the addon's sources: every .cc below bridge/ and kernels/. */
export function addonSources(): AddonSources {
  const upstream = dirname(require.resolve("@tensorflow/tfjs-node-gpu/package.json"));
  const { version } = JSON.parse(readFileSync(join(upstream, "package.json"), "utf8")) as { version: string };
  const own = addonFolder();
  return {
    version,
    package: upstream,
    units: addonFiles()
      .filter((file) => /^(bridge|kernels)\/.*\.cc$/.test(file))
      .map((file) => join(own, file)),
    folder: own,
    includes: [join(dirname(require.resolve("node-api-headers/package.json")), "include"), join(upstream, "binding")],
    earlyLogLevel: join(own, "tools", "early-log-level.cc"),
    cudaCheck: join(own, "tools", "cuda-check.cc"),
  };
}

/**
 * Name of the folder that an addon is built into: differs with tfjs-node-gpu, TensorFlow, architecture, variant, flags and
 * any source, and not with Node (Node-API: the same file runs in 20, 22, 24 and 26).
 */
export function addonKey(
  sources: AddonSources,
  installation: Pick<Installation, "version" | "kind" | "mainLibrary">,
): string {
  const hash = createHash("sha256");
  const { version, kind, mainLibrary } = installation;
  hash.update(JSON.stringify([sources.version, version, process.platform, process.arch, kind, ADDON_FLAGS]));
  // The address is compiled in where TensorFlow lies outside the cache.
  if (kind === "external") hash.update(mainLibrary);
  for (const file of addonFiles()) hash.update(file).update(readFileSync(join(addonFolder(), file)));
  return `addon-${hash.digest("hex").slice(0, 12)}`;
}
