import { homedir } from "node:os";
import { join, resolve } from "node:path";

/**
 * The per-user folder for what gradamp downloads and builds: `GRADAMP_CACHE`, else `XDG_CACHE_HOME/gradamp`, else
 * `~/.cache/gradamp`.
 */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment["GRADAMP_CACHE"]) return resolve(environment["GRADAMP_CACHE"]);
  return join(environment["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "gradamp");
}
