import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The per-user folder for what is fetched or built once: `GRADAMP_CACHE`, else `XDG_CACHE_HOME/gradamp`, else
 * `~/.cache/gradamp`. It need not exist.
 */
export function cacheFolder(): string {
  const { GRADAMP_CACHE: own, XDG_CACHE_HOME: shared } = process.env;
  if (own) return own;
  return shared ? join(shared, "gradamp") : join(homedir(), ".cache", "gradamp");
}
