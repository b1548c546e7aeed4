import { resolve } from "node:path";
import { cacheFolder } from "../../files/cache-folder";
import { cachedTensorFlow } from "./cached-tensorflow";
import { isComplete } from "./installation";
import type { Release } from "./release";

/** Whether a release lies complete in the cache, so that nothing need be downloaded. */
export function isInstalled(release: Release, cache = resolve(cacheFolder())): boolean {
  return isComplete(cachedTensorFlow(release, cache).directory);
}
