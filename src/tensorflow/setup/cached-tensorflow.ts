import { join } from "node:path";
import type { Installation } from "./installation";
import { libraryFiles } from "./library-files";
import type { Release } from "./release";

/** Where a release lies in the cache, whether it is there yet or not. */
export function cachedTensorFlow(release: Release, cache: string): Installation {
  const directory = join(cache, `tensorflow-${release.version}-${release.platform}-${release.variant}`);
  const { main, framework } = libraryFiles(release.platform);
  return {
    directory,
    version: release.version,
    kind: release.variant,
    mainLibrary: join(directory, "tensorflow", main),
    frameworkLibrary: join(directory, "tensorflow", framework),
    include: join(directory, "tensorflow", "include"),
    nvidia: release.nvidia.length > 0 ? join(directory, "nvidia") : null,
  };
}
