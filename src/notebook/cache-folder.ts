import { homedir } from "node:os";
import { join } from "node:path";

/** The per-user cache: GRADAMP_CACHE, else XDG_CACHE_HOME/gradamp, else ~/.cache/gradamp. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.GRADAMP_CACHE || join(environment.XDG_CACHE_HOME || join(homedir(), ".cache"), "gradamp");
}
