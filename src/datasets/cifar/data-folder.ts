import { checkPath } from "../../options";
import { join, resolve } from "node:path";
import { cacheFolder } from "../../files/cache-folder";

/**
 * Where data sets are looked for and downloaded to: the folder given, else `GRADAMP_DATA`, else `data/` in the per-user
 * cache (`~/.cache/gradamp/data`). It need not exist.
 *
 * @param dir a folder of one's own. Default: none
 *
 * @throws {TypeError} if an argument is of another kind
 * @example
 * import * as ga from "gradamp";
 * console.log(ga.dataFolder(), ga.dataFolder("photos"));
 */
export function dataFolder(dir?: string): string {
  if (dir !== undefined) checkPath(dir, "a folder of data");
  return resolve(dir ?? (process.env["GRADAMP_DATA"] || join(cacheFolder(), "data")));
}
